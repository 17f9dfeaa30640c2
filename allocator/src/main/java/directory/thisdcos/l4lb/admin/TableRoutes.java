package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.allocator.AllocatorControl;
import directory.thisdcos.l4lb.allocator.RestoreOrder;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.BadRecordException;
import directory.thisdcos.l4lb.store.codec.TableLines;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The whole table, out and in, as {@link TableLines}. */
final class TableRoutes {
    private static final String TYPE = "application/x-ndjson";

    static final String PATH = "/v1/table";

    /** A table of 100,000 names takes seconds; a stuck ZooKeeper is noticed by then. */
    private static final Duration MAX_COMMIT = Duration.ofMinutes(5);

    private final AdminView view;

    TableRoutes(AdminView view) {
        this.view = view;
    }

    void register(RoutesConfig routes) {
        routes.get(PATH, this::backup);
        routes.put(PATH, this::restore);
    }

    private void backup(Context context) throws IOException {
        State table = view.table().get();
        context.contentType(TYPE);
        context.header("ETag", tag(table).text());
        try (OutputStream out = new BufferedOutputStream(context.outputStream())) {
            TableLines.write(table, out);
        }
    }

    private void restore(Context context) throws IOException {
        AllocatorControl control = Commitment.control(view.allocator());
        Commitment.requireLeader(control);
        State wanted = read(context);
        byte[] before = summary(view.newest());
        boolean isReplacing = "true".equals(context.queryParam("replace"));
        RestoreOrder order = new RestoreOrder(wanted, isReplacing, once(Precondition.of(context)));
        RestoreOrder.Report report = Commitment.await(control.order(order, Audit.cause(context)), MAX_COMMIT);
        Audit.changed(context, Optional.of(before), Optional.of(summary(view.newest())));
        JsonAnswer.write(context, out -> {
            out.writeStartObject();
            out.writeNumberField("targets", report.targets());
            out.writeNumberField("changes", report.changes());
            out.writeEndObject();
        });
    }

    /** Where ZooKeeper fails in between, the order is decided again on what it has changed already. */
    private static Consumer<State> once(Precondition precondition) {
        AtomicBoolean held = new AtomicBoolean();
        return table -> {
            if (!held.get()) {
                precondition.on(known -> Optional.of(tag(known))).ifPresent(check -> check.accept(table));
                held.set(true);
            }
        };
    }

    private static EntityTag tag(State table) {
        return EntityTag.of(table.hash(), table.seq());
    }

    /** What a line of the log can hold of a whole table; a backup of it has the rest. */
    private static byte[] summary(State table) throws IOException {
        long names = table.vips().filter(vip -> vip.allocation().isPresent()).count();
        long services = table.vips().mapToLong(vip -> vip.services().size()).sum();
        return JsonAnswer.bytes(out -> {
            out.writeStartObject();
            out.writeNumberField("seq", table.seq());
            out.writeStringField("hash", Long.toHexString(table.hash()));
            out.writeNumberField("names", names);
            out.writeNumberField("services", services);
            out.writeEndObject();
        });
    }

    private static State read(Context context) throws IOException {
        try {
            return TableLines.read(context.bodyInputStream(), "true".equals(context.queryParam("edited")));
        } catch (BadRecordException e) {
            throw RequestBody.wrong("", String.valueOf(e.getMessage()));
        }
    }
}
