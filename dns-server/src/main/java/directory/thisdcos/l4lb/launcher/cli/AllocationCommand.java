package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Names and the addresses that they hold. */
@Command(
        name = "allocation",
        description = {"Shows which name holds which address.", ""},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb allocation list", "  ./l4lb allocation get my-service.marathon"})
final class AllocationCommand {
    private static final String PATH = "/v1/allocations";
    private static final String ZONE = ".l4lb.thisdcos.directory";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Command(name = "list", description = "Lists all, or those whose name, address or owner holds a text.")
    int list(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "TEXT", arity = "0..1", defaultValue = "", description = "Part of a name.")
                    String text)
            throws CommandFailedException {
        ArrayNode found = new ObjectMapper().createArrayNode();
        for (JsonNode allocation : options.api().get(PATH)) {
            if (allocation.toString().contains(text)) {
                found.add(allocation);
            }
        }
        show(options, found, found);
        return 0;
    }

    @Command(name = "get", description = "Shows what one name, or one address, is allocated to.")
    int get(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "NAME", description = "A name with or without its zone, or an address.")
                    String name)
            throws CommandFailedException {
        for (JsonNode allocation : options.api().get(PATH)) {
            String full = allocation.path("name").asText();
            if (Arrays.asList(
                            full,
                            full.replace(ZONE, ""),
                            allocation.path("address").asText(),
                            allocation.path("address6").asText())
                    .contains(name)) {
                show(options, allocation, new ObjectMapper().createArrayNode().add(allocation));
                return 0;
            }
        }
        throw new CommandFailedException("nothing is allocated for " + name + "; `l4lb allocation list` shows all");
    }

    private static void show(ApiOptions options, JsonNode value, Iterable<JsonNode> allocations) {
        options.output().show(value, new Table("NAME", "ADDRESS", "ADDRESS6", "STATE", "SINCE", "OWNER"), table -> {
            for (JsonNode allocation : allocations) {
                table.row(
                        allocation.path("name").asText(),
                        allocation.path("address").asText(),
                        allocation.path("address6").asText(""),
                        allocation.path("state").asText(),
                        allocation.path("since").asText(),
                        allocation.path("owner").asText());
            }
        });
    }
}
