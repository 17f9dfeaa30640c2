package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What stands between two fences of a page, and the word after the first one. */
record DocBlock(Path page, String tag, String text) {

    static List<DocBlock> of(Path page) throws IOException {
        List<DocBlock> blocks = new ArrayList<>();
        String tag = null;
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(page)) {
            if (!line.startsWith("```")) {
                text.append(line).append('\n');
            } else if (tag == null) {
                tag = line.substring(3);
                text.setLength(0);
            } else {
                blocks.add(new DocBlock(page, tag, text.toString()));
                tag = null;
            }
        }
        assertEquals(null, tag, page + " has a block without an end");
        return blocks;
    }

    /** Its commands, one in each line, without comments. */
    List<String> commands() {
        return text.replace("\\\n", " ")
                .lines()
                .map(line -> line.replaceFirst("\\s+#.*", ""))
                .filter(line -> !line.isBlank())
                .toList();
    }
}
