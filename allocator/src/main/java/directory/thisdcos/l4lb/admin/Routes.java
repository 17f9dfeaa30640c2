package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.List;

/** The paths of the API, one method each. */
final class Routes {
    private final SourceRoutes sources;
    private final ServiceRoutes services;
    private final AllocationRoutes allocations;
    private final PoolRoutes pools;
    private final LeaderProxy leader;
    private final PrometheusTextFormatWriter metricsWriter =
            PrometheusTextFormatWriter.builder().build();
    private final AdminView view;
    private final PrometheusRegistry registry;

    Routes(AdminView view, LeaderProxy leader, PrometheusRegistry registry) {
        this.view = view;
        this.sources = new SourceRoutes(view.allocator());
        this.services = new ServiceRoutes(view);
        this.allocations = new AllocationRoutes(view);
        this.pools = new PoolRoutes(view);
        this.leader = leader;
        this.registry = registry;
    }

    void register(RoutesConfig routes) {
        routes.get("/healthz", context -> context.result("ok\n"));
        routes.get("/readyz", this::readiness);
        routes.get("/metrics", this::metrics);
        routes.get("/v1/metrics", this::metrics);
        routes.get("/v1/version", this::version);
        routes.get("/v1/vips", this::vips);
        routes.get("/v1/problems", this::problems);
        routes.before("/v1/*", leader::handle);
        sources.register(routes);
        services.register(routes);
        allocations.register(routes);
        pools.register(routes);
        new TableRoutes(view).register(routes);
        new DrainRoutes(view).register(routes);
        new NameRoutes(view.names()).register(routes);
        new ConnectionRoute(view).register(routes);
        new ChangeRoutes(view.history()).register(routes);
        new EventRoute(view.table(), view.history()).register(routes);
        new NodeRoutes(view).register(routes);
        new DataPlaneRoutes(view.dataPlane()).register(routes);
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
        if (EntityTag.of(table.hash(), table.seq()).isKnownTo(context)) {
            return;
        }
        JsonAnswer.write(context, out -> VipsJson.write(table, out));
    }

    private void problems(Context context) throws IOException {
        String kind = context.queryParam("kind");
        List<ProblemBoard.Entry> entries = view.problems().entries().stream()
                .filter(entry -> kind == null || entry.problem().kind().equals(kind))
                .toList();
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (ProblemBoard.Entry entry : entries) {
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
}
