package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.allocator.AllocatorControl;
import directory.thisdcos.l4lb.allocator.EndQuarantineOrder;
import directory.thisdcos.l4lb.allocator.Expectation;
import directory.thisdcos.l4lb.allocator.Order;
import directory.thisdcos.l4lb.allocator.ReleaseOrder;
import directory.thisdcos.l4lb.allocator.ReserveAllOrder;
import directory.thisdcos.l4lb.allocator.ReserveOrder;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.source.api.InvalidDocumentException;
import directory.thisdcos.l4lb.source.api.ServicePath;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which name has which addresses, and what an operator may change of it. */
final class AllocationRoutes {
    private static final int NO_CONTENT = 204;
    private static final int CREATED = 201;
    private static final String OPERATOR = "operator";
    private static final Set<String> FIELDS = Set.of("address", "address6", "owner");
    private static final Set<String> ENTRY_FIELDS = Set.of("name", "address", "address6");
    private static final int MAX_ENTRIES = 10_000;
    private static final int MAX_AUDITED = 100;

    private final AdminView view;
    private final ChangeRoutes changes;

    AllocationRoutes(AdminView view) {
        this.view = view;
        this.changes = new ChangeRoutes(view.history());
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/allocations", this::list);
        routes.post("/v1/allocations", this::reserveAll);
        routes.get("/v1/allocations/{name}", this::get);
        routes.get("/v1/allocations/{name}/history", this::history);
        routes.put("/v1/allocations/{name}", this::reserve);
        routes.delete("/v1/allocations/{name}", this::release);
        routes.delete("/v1/quarantine/{name}", this::endQuarantine);
    }

    private void list(Context context) throws IOException {
        List<Allocation> found = selected(context, view.table().get())
                .sorted(Comparator.comparing(Allocation::name))
                .toList();
        List<Allocation> part = Page.of(context)
                .cut(context, found, allocation -> allocation.name().fqdn());
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (Allocation allocation : part) {
                VipsJson.writeAllocation(allocation, out);
            }
            out.writeEndArray();
        });
    }

    private static Stream<Allocation> selected(Context context, State table) {
        Optional<String> state = Optional.ofNullable(context.queryParam("state"));
        if (state.isPresent() && !Set.of("allocated", "quarantined", "reserved").contains(state.get())) {
            throw new ApiException(
                    400, "wrong parameter", "state", "state is allocated, quarantined or reserved, not " + state.get());
        }
        Optional<String> pool = Optional.ofNullable(context.queryParam("pool"));
        Optional<Pool> wanted = table.pools().stream()
                .flatMap(pools -> pools.list().stream())
                .filter(one -> pool.equals(Optional.of(one.name())))
                .findFirst();
        if (pool.isPresent() && wanted.isEmpty()) {
            throw new ApiException(
                    400, "wrong parameter", "pool", "there is no pool " + pool.get() + "; GET /v1/pools lists them");
        }
        String text = Optional.ofNullable(context.queryParam("text")).orElse("");
        return table.vips()
                .flatMap(vip -> vip.allocation().stream())
                .filter(one -> one.name().fqdn().contains(text) || one.owner().contains(text))
                .filter(one -> state.isEmpty()
                        || state.get().equals(one.status().text())
                        || (state.get().equals("reserved") && one.hold().reserved()))
                .filter(one -> wanted.isEmpty() || one.occupied().stream().anyMatch(wanted.get()::contains));
    }

    private void get(Context context) throws IOException {
        ServiceName name = name(context.pathParam("name"));
        Allocation found = view.newest()
                .allocation(name)
                .orElseThrow(() -> new ApiException(
                        404, "not there", "name", name + " has no address; GET /v1/allocations lists who has"));
        write(context, found);
    }

    private void history(Context context) throws IOException {
        changes.history(context, name(context.pathParam("name")));
    }

    private static void write(Context context, Allocation allocation) throws IOException {
        context.header("ETag", Expectation.tag(allocation));
        JsonAnswer.write(context, out -> VipsJson.writeAllocation(allocation, out));
    }

    private void reserve(Context context) throws IOException {
        ServiceName name = name(context.pathParam("name"));
        RequestBody body = RequestBody.read(context.bodyAsBytes(), FIELDS);
        Optional<Allocation> before = view.newest().allocation(name);
        Allocation reserved = order(
                context,
                new ReserveOrder(
                        name,
                        body.ip("address"),
                        body.ip("address6"),
                        body.text("owner").orElse(OPERATOR),
                        expectation(context)));
        Audit.changed(context, body(before), body(Optional.of(reserved)));
        context.status(before.isEmpty() ? CREATED : 200);
        write(context, reserved);
    }

    private void release(Context context) throws IOException {
        ServiceName name = name(context.pathParam("name"));
        Optional<Allocation> before = view.newest().allocation(name);
        Allocation released = order(context, new ReleaseOrder(name, expectation(context)));
        Audit.changed(context, body(before), body(Optional.of(released)));
        write(context, released);
    }

    private static Optional<byte[]> body(Optional<Allocation> allocation) throws IOException {
        return allocation.isEmpty()
                ? Optional.empty()
                : Optional.of(JsonAnswer.bytes(out -> VipsJson.writeAllocation(allocation.get(), out)));
    }

    private void endQuarantine(Context context) throws IOException {
        ServiceName name = name(context.pathParam("name"));
        Optional<Allocation> ended = order(context, new EndQuarantineOrder(name, expectation(context)));
        if (ended.isEmpty()) {
            throw new ApiException(
                    404, "not there", "name", name + " has no address, in quarantine or not; GET /v1/allocations");
        }
        Audit.changed(context, body(ended), Optional.empty());
        context.status(NO_CONTENT);
    }

    private void reserveAll(Context context) throws IOException {
        RequestBody body = RequestBody.read(context.bodyAsBytes(), Set.of("allocations", "owner"));
        boolean isPlan = "true".equals(context.queryParam("plan"));
        String owner = body.text("owner").orElse(OPERATOR);
        List<RequestBody> entries = body.objects("allocations", ENTRY_FIELDS);
        if (entries.size() > MAX_ENTRIES) {
            throw RequestBody.wrong("allocations", "give at most " + MAX_ENTRIES + " at once");
        }
        List<ReserveOrder> orders = new ArrayList<>();
        for (RequestBody entry : entries) {
            String name = entry.text("name")
                    .orElseThrow(
                            () -> RequestBody.wrong(entry.path() + ".name", "give a name, such as my-db.marathon"));
            orders.add(
                    new ReserveOrder(name(name), entry.ip("address"), entry.ip("address6"), owner, Expectation.NONE));
        }
        byte[] before = bodies(orders);
        ReserveAllOrder.Report report = order(context, new ReserveAllOrder(orders, isPlan));
        Audit.changed(context, Optional.of(before), Optional.of(bodies(orders)));
        context.status(report.conflicts().isEmpty() ? 200 : 409);
        JsonAnswer.write(context, out -> {
            out.writeStartObject();
            if (!report.conflicts().isEmpty()) {
                out.writeStringField("type", "about:blank");
                out.writeStringField("title", "refused");
                out.writeNumberField("status", 409);
                out.writeStringField(
                        "detail", report.conflicts().size() + " names cannot be reserved, so that none was");
                out.writeStringField("field", "allocations");
            }
            out.writeBooleanField("plan", isPlan);
            out.writeNumberField("reserved", report.reserved());
            out.writeNumberField("already", report.already());
            out.writeArrayFieldStart("conflicts");
            for (ReserveAllOrder.Conflict conflict : report.conflicts()) {
                out.writeStartObject();
                out.writeStringField("name", conflict.name().fqdn());
                out.writeStringField("field", conflict.field());
                out.writeStringField("reason", conflict.reason());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** What the names have now that orders are about; only as many as a line of the log shows. */
    private byte[] bodies(List<ReserveOrder> orders) throws IOException {
        State table = view.newest();
        List<Allocation> held = orders.stream()
                .limit(MAX_AUDITED)
                .flatMap(order -> table.allocation(order.name()).stream())
                .toList();
        return JsonAnswer.bytes(out -> {
            out.writeStartArray();
            for (Allocation allocation : held) {
                VipsJson.writeAllocation(allocation, out);
            }
            out.writeEndArray();
        });
    }

    private <R> R order(Context context, Order<R> order) {
        AllocatorControl control = Commitment.control(view.allocator());
        Commitment.requireLeader(control);
        return Commitment.await(control.order(order, Audit.cause(context)));
    }

    private static Expectation expectation(Context context) {
        return new Expectation(Optional.ofNullable(context.header("If-Match")));
    }

    private static ServiceName name(String text) {
        try {
            return ServicePath.name(text);
        } catch (InvalidDocumentException e) {
            throw RequestBody.wrong(e.field(), String.valueOf(e.getMessage()));
        }
    }
}
