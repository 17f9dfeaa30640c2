package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.allocator.AllocatorControl;
import directory.thisdcos.l4lb.allocator.DrainOrder;
import directory.thisdcos.l4lb.model.Drain;
import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.DrainsJson;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Agents and backends that shall get no new connections, as operators want it. Kept in ZooKeeper until they end it. */
final class DrainRoutes {
    private static final int NO_CONTENT = 204;
    private static final int CREATED = 201;

    /** All of them are one znode. */
    private static final int MAX_DRAINS = 1_000;

    private final AdminView view;

    /** Held from the look at a version to its change, so that of two who name the same version one is refused. */
    private final Object change = new Object();

    DrainRoutes(AdminView view) {
        this.view = view;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/drains", this::list);
        routes.get("/v1/drains/{kind}/{what}", this::get);
        routes.put("/v1/drains/{kind}/{what}", this::begin);
        routes.delete("/v1/drains/{kind}/{what}", this::end);
    }

    private void list(Context context) throws IOException {
        List<Drain> drains = Commitment.control(view.allocator()).drains().list();
        State table = view.newest();
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (Drain drain : drains) {
                write(drain, table, out);
            }
            out.writeEndArray();
        });
    }

    private void get(Context context) throws IOException {
        Drain named = drain(context, "");
        Drain drain = Commitment.control(view.allocator())
                .drains()
                .find(named.kind(), named.what())
                .orElseThrow(() -> none(named));
        context.header("ETag", tag(drain).text());
        State table = view.newest();
        JsonAnswer.write(context, out -> write(drain, table, out));
    }

    /** Of what the operator said; the number of backends changes by itself. */
    private static EntityTag tag(Drain drain) throws IOException {
        return EntityTag.of(DrainsJson.encode(Drains.of(List.of(drain))));
    }

    private static void check(Context context, Optional<Drain> before) throws IOException {
        Precondition.check(context, before.isEmpty() ? Optional.empty() : Optional.of(tag(before.get())));
    }

    private static ApiException none(Drain drain) {
        return new ApiException(
                404,
                "not there",
                "what",
                drain.kind().text() + " " + drain.what() + " is not drained",
                "GET /v1/drains lists what is");
    }

    private static void write(Drain drain, State table, JsonGenerator out) throws IOException {
        Drains alone = Drains.of(List.of(drain));
        out.writeStartObject();
        DrainsJson.writeFields(drain, out);
        out.writeNumberField(
                "backends",
                table.vips()
                        .flatMap(vip -> vip.services().stream())
                        .flatMap(service -> service.backends().values().stream())
                        .filter(backend -> alone.of(backend).isPresent())
                        .count());
        out.writeEndObject();
    }

    private void begin(Context context) throws IOException {
        RequestBody body = RequestBody.read(context.bodyAsBytes(), Set.of("reason"));
        AllocatorControl control = control();
        Drain drain = drain(context, body.text("reason").orElse(""));
        synchronized (change) {
            Optional<Drain> before = control.drains().find(drain.kind(), drain.what());
            check(context, before);
            if (before.isEmpty() && control.drains().list().size() >= MAX_DRAINS) {
                throw new ApiException(
                        409,
                        "refused",
                        "what",
                        "there are " + MAX_DRAINS + " drains already; end some, see GET /v1/drains");
            }
            DrainOrder.Result done = Commitment.await(control.drain(new DrainOrder(drain, true)));
            byte[] shown = JsonAnswer.bytes(out -> write(drain, done.table(), out));
            Audit.changed(context, shown(before, done.table()), Optional.of(shown));
            context.status(before.isEmpty() ? CREATED : 200);
            context.header("ETag", tag(drain).text());
            context.contentType("application/json").result(shown);
        }
    }

    private void end(Context context) throws IOException {
        AllocatorControl control = control();
        Drain drain = drain(context, "");
        synchronized (change) {
            Optional<Drain> before = control.drains().find(drain.kind(), drain.what());
            check(context, before);
            if (before.isEmpty()) {
                throw none(drain);
            }
            DrainOrder.Result done = Commitment.await(control.drain(new DrainOrder(drain, false)));
            Audit.changed(context, shown(before, done.table()), Optional.empty());
            context.status(NO_CONTENT);
        }
    }

    private static Optional<byte[]> shown(Optional<Drain> drain, State table) throws IOException {
        return drain.isEmpty()
                ? Optional.empty()
                : Optional.of(JsonAnswer.bytes(out -> write(drain.get(), table, out)));
    }

    private AllocatorControl control() {
        AllocatorControl control = Commitment.control(view.allocator());
        Commitment.requireLeader(control);
        return control;
    }

    private Drain drain(Context context, String reason) {
        String text = context.pathParam("kind");
        Drain.Kind kind = Arrays.stream(Drain.Kind.values())
                .filter(one -> one.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        RequestBody.wrong("kind", "what is drained is an agent or a backend, not '" + text + "'"));
        String what = context.pathParam("what");
        try {
            return new Drain(
                    kind,
                    what,
                    new TreeSet<>(kind == Drain.Kind.AGENT ? names(what) : Set.of()),
                    Gate.caller(context).name(),
                    reason,
                    System.currentTimeMillis());
        } catch (IllegalArgumentException e) {
            throw RequestBody.wrong("what", String.valueOf(e.getMessage()));
        }
    }

    /** What a source may call a node: sources name agents by an address as often as by a name. */
    private Set<String> names(String what) {
        Set<String> names = new TreeSet<>();
        for (NodeStatus node : nodes()) {
            boolean isMeant = node.id().equalsIgnoreCase(what)
                    || node.addresses().stream().map(Ip::toString).anyMatch(what::equals);
            if (isMeant) {
                names.add(node.id());
                node.addresses().stream()
                        .filter(this::isOfOneNode)
                        .map(Ip::toString)
                        .forEach(names::add);
            }
        }
        return names;
    }

    private Collection<NodeStatus> nodes() {
        return view.nodes().get().orElse(List.of());
    }

    /** A bridge has the same address on every machine. */
    private boolean isOfOneNode(Ip ip) {
        return nodes().stream().filter(node -> node.addresses().contains(ip)).count() == 1;
    }
}
