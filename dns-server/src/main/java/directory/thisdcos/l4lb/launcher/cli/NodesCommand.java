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
        description = {"Shows each node: its table, its DNS server, its kernel, and who cannot reach it.", ""},
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb nodes"})
final class NodesCommand implements Callable<Integer> {
    @Mixin
    private final ApiOptions options = new ApiOptions();

    @Override
    public Integer call() throws CommandFailedException {
        JsonNode nodes = options.api().get("/v1/nodes");
        JsonNode reach = options.api().get("/v1/reachability");
        options.output()
                .show(
                        nodes,
                        new Table("NODE", "ADDRESSES", "TABLE", "AGE", "DIVERGED", "DNS", "IPVS", "REACH", "VERSION"),
                        table -> {
                            nodes.forEach(node -> add(table, node));
                            reach.path("nodes").forEach(node -> addGone(table, node));
                        });
        return 0;
    }

    /** A node whose session ended is no node any more, but its machine may have backends. */
    private static void addGone(Table table, JsonNode node) {
        if (!node.path("sessionEnded").isNull()) {
            table.bad(node.path("id").asText(), "", "", "", "", "gone", "gone", reach(node), "");
        }
    }

    private static String reach(JsonNode reach) {
        String witnesses = StreamSupport.stream(reach.path("witnesses").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
        return reach.path("state").asText() + (witnesses.isEmpty() ? "" : " (" + witnesses + ")");
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
            reach(node.path("reach")),
            node.path("version").asText()
        };
        if (copy.path("stale").asBoolean()
                || !node.at("/dns/ok").asBoolean()
                || !node.at("/ipvs/ok").asBoolean()
                || !node.at("/reach/state").asText("reachable").equals("reachable")) {
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
