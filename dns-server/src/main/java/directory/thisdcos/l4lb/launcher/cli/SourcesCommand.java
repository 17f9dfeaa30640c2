package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Where tasks are known, and what an operator may do with it. */
@Command(
        name = "sources",
        description = {"Shows how far each source of tasks is.", ""},
        synopsisSubcommandLabel = "[COMMAND]",
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb sources", "  ./l4lb sources freeze marathon:http://marathon.mesos:8080"})
final class SourcesCommand implements Callable<Integer> {
    @Mixin
    private final ApiOptions options = new ApiOptions();

    @Override
    public Integer call() throws CommandFailedException {
        JsonNode sources = options.api().get("/v1/sources");
        options.output()
                .show(
                        sources,
                        new Table("SOURCE", "STATUS", "COMPLETE", "SERVICES", "BACKENDS", "PROBLEMS", "HELD", "DETAIL"),
                        table -> sources.forEach(source -> add(table, source)));
        return 0;
    }

    private static void add(Table table, JsonNode source) {
        boolean frozen = source.path("frozen").asBoolean();
        String[] cells = {
            source.path("id").asText(),
            source.path("status").asText(),
            source.path("complete").asBoolean() ? "yes" : "no",
            source.path("services").asText(),
            source.path("backends").asText(),
            source.path("problems").asText(),
            frozen ? "frozen, " + source.path("held").asText() : "",
            source.path("detail").asText()
        };
        if (frozen || !source.path("status").asText().equals("live")) {
            table.bad(cells);
        } else {
            table.row(cells);
        }
    }

    @Command(name = "freeze", description = "Holds back what a source says from now on.")
    int freeze(@Mixin ApiOptions api, @Parameters(paramLabel = "ID") String id) throws CommandFailedException {
        return order(api, "freeze", id);
    }

    @Command(name = "thaw", description = "Lets what was held back take effect.")
    int thaw(@Mixin ApiOptions api, @Parameters(paramLabel = "ID") String id) throws CommandFailedException {
        return order(api, "thaw", id);
    }

    @Command(
            name = "forget",
            description = "Withdraws what the table has of a source, until the source says something again.")
    int forget(@Mixin ApiOptions api, @Parameters(paramLabel = "ID") String id) throws CommandFailedException {
        return order(api, "forget", id);
    }

    private static int order(ApiOptions options, String what, String id) throws CommandFailedException {
        JsonNode done = options.api()
                .send("POST", "/v1/sources/" + what + "?id=" + Api.part(id), "", Map.of())
                .body();
        options.output()
                .show(
                        done,
                        new Table("SOURCE", "DONE", "TABLE"),
                        table -> table.row(id, what, done.path("table").asText()));
        return 0;
    }
}
