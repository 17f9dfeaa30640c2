package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How each node is. */
@Command(
        name = "nodes",
        description = {"Shows each node: its table, its DNS server, its kernel.", ""},
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb nodes"})
final class NodesCommand implements Callable<Integer> {
    @Mixin
    private final ApiOptions options = new ApiOptions();

    @Override
    public Integer call() throws CommandFailedException {
        JsonNode nodes = options.api().get("/v1/nodes");
        options.output()
                .show(
                        nodes,
                        new Table("NODE", "ADDRESSES", "TABLE", "AGE", "DIVERGED", "DNS", "IPVS", "VERSION"),
                        table -> nodes.forEach(node -> add(table, node)));
        return 0;
    }

    private static void add(Table table, JsonNode node) {
        JsonNode copy = node.path("table");
        String[] cells = {
            node.path("id").asText(),
            StreamSupport.stream(node.path("addresses").spliterator(), false)
                    .map(JsonNode::asText)
                    .collect(Collectors.joining(",")),
            copy.path("seq").asText(),
            copy.path("stale").asBoolean() ? "stale since " + age(copy) : "current",
            copy.path("divergences").asText(),
            node.at("/dns/mode").asText(),
            node.at("/ipvs/mode").asText(),
            node.path("version").asText()
        };
        if (copy.path("stale").asBoolean()
                || !node.at("/dns/ok").asBoolean()
                || !node.at("/ipvs/ok").asBoolean()) {
            table.bad(cells);
        } else {
            table.row(cells);
        }
    }

    private static String age(JsonNode table) {
        Duration age = Duration.ofMillis(table.path("age_ms").asLong());
        return age.toSeconds() + "s";
    }
}
