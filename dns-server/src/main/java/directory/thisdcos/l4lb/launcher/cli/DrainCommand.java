package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes agents and backends out of balancing for maintenance. */
@Command(
        name = "drain",
        description = {
            "Lets an agent or a backend get no new connections; those that are open live on. It holds until undrain,"
                    + " over restarts too.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nTry it:%n",
        footer = {
            "  ./l4lb drain agent 10.0.0.5 --reason 'kernel update'",
            "  ./l4lb drain list",
            "  ./l4lb undrain agent 10.0.0.5"
        })
final class DrainCommand {
    static final String PATH = "/v1/drains";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Command(name = "list", description = "Lists what is drained.")
    int list(@Mixin ApiOptions options) throws CommandFailedException {
        JsonNode drains = options.api().get(PATH);
        show(options, drains, drains);
        return 0;
    }

    @Command(name = "agent", description = "Drains all backends that an agent runs, now and later.")
    int agent(
            @Mixin ApiOptions options,
            @Parameters(
                            paramLabel = "AGENT",
                            description = "Its name or address, as its source or l4lb's node there calls it.")
                    String agent,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "For people.")
                    String reason)
            throws CommandFailedException {
        return begin(options, "agent", agent, reason);
    }

    @Command(name = "backend", description = "Drains the backend at one address and port.")
    int backend(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "ADDRESS:PORT", description = "Where other machines reach it.") String backend,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "For people.")
                    String reason)
            throws CommandFailedException {
        return begin(options, "backend", backend, reason);
    }

    private static int begin(ApiOptions options, String kind, String what, String reason)
            throws CommandFailedException {
        String body =
                new ObjectMapper().createObjectNode().put("reason", reason).toString();
        JsonNode drain = options.api()
                .send("PUT", PATH + "/" + kind + "/" + Api.part(what), body, Map.of())
                .body();
        show(options, drain, List.of(drain));
        return 0;
    }

    private static void show(ApiOptions options, JsonNode value, Iterable<JsonNode> drains) {
        options.output().show(value, new Table("KIND", "WHAT", "BACKENDS", "SINCE", "BY", "REASON"), table -> {
            for (JsonNode drain : drains) {
                String[] cells = {
                    drain.path("kind").asText(),
                    drain.path("what").asText(),
                    drain.path("backends").asText(),
                    drain.path("since").asText(),
                    drain.path("by").asText(),
                    drain.path("reason").asText()
                };
                // It waits for backends that may come; more often it is a name that nobody has.
                if (drain.path("backends").asInt() == 0) {
                    table.bad(cells);
                } else {
                    table.row(cells);
                }
            }
        });
    }
}
