package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Help.Ansi;

/** Shows a value as it was asked for. */
final class Output {
    private final PrintWriter out;
    private final Format format;

    Output(PrintWriter out, Format format) {
        this.out = out;
        this.format = format;
    }

    /** @param fill puts the value into an empty table; called only for one */
    void show(JsonNode value, Table table, Consumer<Table> fill) {
        if (format == Format.TABLE) {
            fill.accept(table);
            table.print(out, Ansi.AUTO.enabled());
        } else {
            out.println(text(value));
        }
        out.flush();
    }

    private String text(JsonNode value) {
        try {
            return format == Format.JSON
                    ? new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(value)
                    : YAMLMapper.builder()
                            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                            .build()
                            .writeValueAsString(value)
                            .stripTrailing();
        } catch (JsonProcessingException e) {
            throw new AssertionError("a tree can be written", e);
        }
    }
}
