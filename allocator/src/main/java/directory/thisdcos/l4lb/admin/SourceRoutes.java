package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.allocator.AllocatorControl;
import directory.thisdcos.l4lb.allocator.Explanation;
import directory.thisdcos.l4lb.allocator.SourceStatus;
import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.State;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Where the table comes from: the sources, what an operator may do with them, and what became of their reports. A
 * source is named by the query parameter {@code id}, since ids hold slashes.
 */
final class SourceRoutes {
    private final Supplier<Optional<AllocatorControl>> allocator;

    /** Held from the look at a version to its change. */
    private final Object change = new Object();

    SourceRoutes(Supplier<Optional<AllocatorControl>> allocator) {
        this.allocator = allocator;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/sources", this::sources);
        routes.get("/v1/explain/<query>", this::explain);
        routes.post(
                "/v1/sources/freeze",
                context -> order(context, (control, id, cause) -> control.freeze(id, true, cause)));
        routes.post(
                "/v1/sources/thaw",
                context -> order(context, (control, id, cause) -> control.freeze(id, false, cause)));
        routes.post("/v1/sources/forget", context -> order(context, AllocatorControl::forget));
    }

    private void sources(Context context) throws IOException {
        List<SourceStatus> sources =
                allocator.get().map(AllocatorControl::sources).orElse(List.of());
        context.header("ETag", tag(sources).text());
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (SourceStatus source : sources) {
                write(source, out);
            }
            out.writeEndArray();
        });
    }

    /** Of what an operator can change: which sources there are, and which of them are frozen. */
    private static EntityTag tag(List<SourceStatus> sources) throws IOException {
        return EntityTag.of(JsonAnswer.bytes(out -> {
            out.writeStartArray();
            for (SourceStatus source : sources) {
                out.writeString(source.id());
                out.writeBoolean(source.held().isPresent());
            }
            out.writeEndArray();
        }));
    }

    private static void write(SourceStatus source, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", source.id());
        out.writeBooleanField("complete", source.complete());
        out.writeStringField("status", source.health().status().name().toLowerCase(Locale.ROOT));
        out.writeStringField("detail", source.health().detail());
        out.writeStringField("since", source.since().toString());
        out.writeStringField("updated", source.updated().map(Object::toString).orElse(""));
        out.writeBooleanField("frozen", source.held().isPresent());
        out.writeNumberField("held", source.held().orElse(0));
        out.writeNumberField("services", source.services());
        out.writeNumberField("backends", source.backends());
        out.writeNumberField("problems", source.problems().size());
        out.writeEndObject();
    }

    private void explain(Context context) throws IOException {
        List<Explanation> lines = control().explain(context.pathParam("query"));
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (Explanation line : lines) {
                write(line, out);
            }
            out.writeEndArray();
        });
    }

    private static void write(Explanation line, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("service", line.service().map(Object::toString).orElse(""));
        out.writeStringField("source", line.source());
        out.writeStringField("owner", line.owner());
        out.writeStringField("task", line.task());
        out.writeStringField("node", line.node());
        out.writeStringField("port", line.port());
        out.writeStringField("address", line.address().map(Object::toString).orElse(""));
        out.writeBooleanField("backend", line.backend());
        out.writeNumberField("weight", line.weight());
        out.writeStringField("reason", line.reason());
        out.writeStringField("detail", line.detail());
        out.writeEndObject();
    }

    /** What an operator may order of a source. */
    private interface SourceOrder {
        Optional<CompletableFuture<State>> give(AllocatorControl control, String id, Cause cause);
    }

    private void order(Context context, SourceOrder order) throws IOException {
        AllocatorControl control = control();
        String id = context.queryParam("id");
        if (id == null) {
            throw new ApiException(400, "wrong parameter", "id", "name the source: ?id=ID, as in GET /v1/sources");
        }
        Commitment.requireLeader(control);
        long seq;
        synchronized (change) {
            Precondition.check(context, Optional.of(tag(control.sources())));
            Optional<byte[]> before = status(control, id);
            CompletableFuture<State> committed = order.give(control, id, Audit.cause(context))
                    .orElseThrow(() -> new ApiException(
                            404,
                            "no such source",
                            "id",
                            "there is no source '" + id + "'; GET /v1/sources lists them"));
            seq = Commitment.await(committed).seq();
            Audit.changed(context, before, status(control, id));
        }
        context.header("ETag", tag(control.sources()).text());
        JsonAnswer.write(context, out -> {
            out.writeStartObject();
            out.writeNumberField("table", seq);
            out.writeEndObject();
        });
    }

    private static Optional<byte[]> status(AllocatorControl control, String id) throws IOException {
        for (SourceStatus source : control.sources()) {
            if (source.id().equals(id)) {
                return Optional.of(JsonAnswer.bytes(out -> write(source, out)));
            }
        }
        return Optional.empty();
    }

    private AllocatorControl control() {
        return Commitment.control(allocator);
    }
}
