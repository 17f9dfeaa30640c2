package directory.thisdcos.l4lb.admin;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** The kernel's side: how it is, what is planned, and what the kernel has counted. */
final class DataPlaneRoutes {
    private static final int MAX_SERVICES = 100_000;
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Supplier<AdminView.DataPlane> dataPlane;

    DataPlaneRoutes(Supplier<AdminView.DataPlane> dataPlane) {
        this.dataPlane = dataPlane;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/ipvs", this::status);
        routes.get(
                "/v1/ipvs/plan",
                context ->
                        context.contentType(TEXT).result(dataPlane.get().plan().get()));
        routes.get(
                "/v1/ipvs/pending",
                context -> context.contentType(TEXT)
                        .result(dataPlane.get().pending().get()));
        routes.get("/v1/ipvs/services", this::services);
    }

    private void status(Context context) throws IOException {
        AdminView.DataPlane now = dataPlane.get();
        JsonAnswer.write(context, out -> {
            out.writeStartObject();
            out.writeStringField("mode", now.mode());
            out.writeStringField("detail", now.detail());
            now.status().write(out);
            out.writeEndObject();
        });
    }

    private void services(Context context) throws IOException {
        String of = Optional.ofNullable(context.queryParam("of")).orElse("");
        AdminView.Part services;
        try {
            services = dataPlane.get().services().of(of, MAX_SERVICES);
        } catch (IOException e) {
            throw new ApiException(503, "no answer", "kernel", "the kernel's counters: " + e.getMessage());
        }
        JsonAnswer.write(context, services::write);
    }
}
