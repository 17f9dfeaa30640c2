package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A command of a {@code console} block of a page: a line {@code $ command} is run, and each line below it must be in its
 * output: {@code ...} at the end stands for any rest of a line, alone for any lines.
 */
record ConsoleStep(String command, List<String> expected) {

    static List<ConsoleStep> of(Path page) throws IOException {
        List<ConsoleStep> steps = new ArrayList<>();
        boolean console = false;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("```")) {
                console = line.equals("```console");
            } else if (console && line.startsWith("$ ")) {
                steps.add(new ConsoleStep(line.substring(2), new ArrayList<>()));
            } else if (console && !line.equals("...")) {
                steps.get(steps.size() - 1).expected().add(line);
            }
        }
        return steps;
    }

    void run() throws IOException, InterruptedException {
        Shell.Result result = Shell.installed(command);
        assertEquals(0, result.exitCode(), command + "\n" + result.err());
        List<String> lines = result.out().lines().toList();
        for (String line : expected) {
            boolean found = line.endsWith("...")
                    ? lines.stream().anyMatch(one -> one.startsWith(line.substring(0, line.length() - 3)))
                    : lines.contains(line);
            assertTrue(found, command + " does not print '" + line + "' but:\n" + result.out());
        }
    }
}
