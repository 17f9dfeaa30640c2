package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.codec.NodeStatusJson;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The paths of the API, one method each. */
final class Routes {
    private static final int MAX_LIMIT = 100_000;

    private final SourceRoutes sources;
    private final ServiceRoutes services;
    private final PrometheusTextFormatWriter metricsWriter =
            PrometheusTextFormatWriter.builder().build();
    private final AdminView view;
    private final PrometheusRegistry registry;

    Routes(AdminView view, PrometheusRegistry registry) {
        this.view = view;
        this.sources = new SourceRoutes(view.allocator());
        this.services = new ServiceRoutes(view);
        this.registry = registry;
    }

    void register(RoutesConfig routes) {
        routes.get("/healthz", context -> context.result("ok\n"));
        routes.get("/readyz", this::readiness);
        routes.get("/metrics", this::metrics);
        routes.get("/v1/metrics", this::metrics);
        routes.get("/v1/version", this::version);
        routes.get("/v1/vips", this::vips);
        routes.get("/v1/allocations", this::allocations);
        routes.get("/v1/problems", this::problems);
        sources.register(routes);
        services.register(routes);
        routes.get("/v1/nodes", this::nodes);
        routes.get("/v1/ipvs", this::dataPlane);
        routes.get("/v1/ipvs/plan", this::plan);
    }

    private void readiness(Context context) throws IOException {
        List<String> missing = view.missing().get();
        context.status(missing.isEmpty() ? 200 : 503);
        JsonAnswer.write(context, out -> {
            out.writeStartObject();
            out.writeBooleanField("ready", missing.isEmpty());
            out.writeArrayFieldStart("missing");
            for (String what : missing) {
                out.writeString(what);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private void metrics(Context context) throws IOException {
        context.contentType(metricsWriter.getContentType());
        metricsWriter.write(context.outputStream(), registry.scrape());
    }

    private void version(Context context) throws IOException {
        JsonAnswer.write(context, out -> {
            out.writeStartObject();
            out.writeStringField("Service", "l4lb");
            out.writeStringField("Version", view.version());
            out.writeEndObject();
        });
    }

    private void vips(Context context) throws IOException {
        State table = view.table().get();
        // Strong and cheap: the hash covers every field that is shown.
        String etag = "\"" + Long.toHexString(table.hash()) + "-" + table.seq() + "\"";
        context.header("ETag", etag);
        if (etag.equals(context.header("If-None-Match"))) {
            context.status(304);
            return;
        }
        JsonAnswer.write(context, out -> VipsJson.write(table, out));
    }

    private void allocations(Context context) throws IOException {
        int limit = limit(context);
        String after = Optional.ofNullable(context.queryParam("after")).orElse("");
        List<Allocation> all = view.table()
                .get()
                .vips()
                .flatMap(vip -> vip.allocation().stream())
                .sorted(Comparator.comparing(Allocation::name))
                .toList();
        context.header("X-Total-Count", Integer.toString(all.size()));
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            int written = 0;
            for (Allocation allocation : all) {
                if (written < limit && allocation.name().fqdn().compareTo(after) > 0) {
                    VipsJson.writeAllocation(allocation, out);
                    written++;
                }
            }
            out.writeEndArray();
        });
    }

    private static int limit(Context context) {
        String text = context.queryParam("limit");
        if (text == null) {
            return MAX_LIMIT;
        }
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_LIMIT) {
            throw new ApiException(
                    400,
                    "wrong parameter",
                    "limit",
                    "limit is a number from 1 to " + MAX_LIMIT + ", not '" + text + "'; page on with after=NAME");
        }
        return Integer.parseInt(text);
    }

    private void problems(Context context) throws IOException {
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (ProblemBoard.Entry entry : view.problems().entries()) {
                out.writeStartObject();
                out.writeStringField("reporter", entry.reporter());
                out.writeStringField("kind", entry.problem().kind());
                out.writeStringField("subject", entry.problem().subject());
                out.writeStringField("message", entry.problem().message());
                out.writeStringField("since", entry.since().toString());
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    private void nodes(Context context) throws IOException {
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (NodeStatus node : view.nodes().get()) {
                NodeStatusJson.write(node, out);
            }
            out.writeEndArray();
        });
    }

    private void dataPlane(Context context) throws IOException {
        AdminView.DataPlane dataPlane = view.dataPlane().get();
        JsonAnswer.write(context, out -> {
            out.writeStartObject();
            out.writeStringField("mode", dataPlane.mode());
            out.writeStringField("detail", dataPlane.detail());
            out.writeEndObject();
        });
    }

    private void plan(Context context) {
        context.contentType("text/plain; charset=utf-8");
        context.result(view.dataPlane().get().plan().get());
    }
}
