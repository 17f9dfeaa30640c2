package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.allocator.AllocatorControl;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.reach.NodeReach;
import directory.thisdcos.l4lb.reach.ReachVerdict;
import directory.thisdcos.l4lb.store.codec.NodeStatusJson;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What each node says of itself, and what is held of its machine. */
final class NodeRoutes {
    private final AdminView view;

    NodeRoutes(AdminView view) {
        this.view = view;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/nodes", this::nodes);
        routes.get("/v1/reachability", this::reachability);
    }

    /** Silence would look like a cluster without nodes. */
    private Collection<NodeStatus> known() {
        return view.nodes()
                .get()
                .orElseThrow(
                        () -> new ApiException(
                                404,
                                "nodes not known",
                                "",
                                "this process does not allocate, and only allocators know the nodes",
                                "ask one that runs `l4lb allocator`; of this process itself tell /readyz, /v1/ipvs and /v1/problems"));
    }

    private ReachVerdict verdict() {
        return view.allocator().get().map(AllocatorControl::reach).orElse(ReachVerdict.NONE);
    }

    private void nodes(Context context) throws IOException {
        Collection<NodeStatus> nodes = known();
        Map<String, NodeReach> reach =
                verdict().nodes().stream().collect(Collectors.toMap(NodeReach::id, Function.identity()));
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (NodeStatus node : nodes) {
                out.writeStartObject();
                NodeStatusJson.writeFields(node, out);
                NodeReach held = reach.get(node.id());
                if (held != null) {
                    out.writeFieldName("reach");
                    write(held, out);
                }
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    private void reachability(Context context) throws IOException {
        known();
        ReachVerdict verdict = verdict();
        JsonAnswer.write(context, out -> {
            out.writeStartObject();
            text("limit", verdict.limit().orElse(null), out);
            out.writeArrayFieldStart("nodes");
            for (NodeReach node : verdict.nodes()) {
                write(node, out);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void write(NodeReach node, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", node.id());
        out.writeStringField("state", node.state().name().toLowerCase(Locale.ROOT));
        out.writeArrayFieldStart("witnesses");
        for (String witness : node.witnesses()) {
            out.writeString(witness);
        }
        out.writeEndArray();
        text(
                "sessionEnded",
                node.endedMillis()
                        .map(millis -> Instant.ofEpochMilli(millis).toString())
                        .orElse(null),
                out);
        out.writeEndObject();
    }

    private static void text(String field, @Nullable String value, JsonGenerator out) throws IOException {
        if (value == null) {
            out.writeNullField(field);
        } else {
            out.writeStringField(field, value);
        }
    }
}
