package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Where addresses come from. */
@Command(
        name = "pools",
        description = {"Shows the pools of addresses and how full they are.", ""},
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb pools"})
final class PoolsCommand implements Callable<Integer> {
    @Mixin
    private final ApiOptions options = new ApiOptions();

    @Override
    public Integer call() throws CommandFailedException {
        JsonNode answer = options.api().get("/v1/pools");
        options.output()
                .show(
                        answer,
                        new Table(
                                "POOL", "RANGE", "SIZE", "ALLOCATED", "QUARANTINED", "CLAIMED", "DRAINING", "SUFFIXES"),
                        table -> answer.path("pools").forEach(pool -> add(table, pool)));
        return 0;
    }

    private static void add(Table table, JsonNode pool) {
        table.row(
                pool.path("name").asText(),
                pool.path("range").asText(),
                pool.path("size").asText(),
                pool.path("allocated").asText(),
                pool.path("quarantined").asText(),
                pool.path("claimed").asText(),
                pool.path("draining").asBoolean() ? "yes" : "no",
                StreamSupport.stream(pool.path("suffixes").spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(",")));
    }
}
