package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.model.Endpoint;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.StringWriter;
import java.net.BindException;
import java.net.ServerSocket;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@link AdminView} over HTTP/1.1 on one address. */
public final class AdminServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);

    /** Enough for scrapes and people; a stuck client holds one. */
    private static final int MAX_THREADS = 16;

    private static final int MIN_THREADS = 4;
    private static final int IDLE_MILLIS = 30_000;

    private final Endpoint listen;
    private final Javalin server;

    public AdminServer(Endpoint listen, AdminView view, PrometheusRegistry registry) {
        this.listen = listen;
        Routes routes = new Routes(view, registry);
        this.server = Javalin.create(config -> configure(config, routes));
    }

    private static void configure(JavalinConfig config, Routes routes) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS, IDLE_MILLIS);
        threads.setName("admin");
        config.jetty.threadPool = threads;
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        routes.register(config.routes);
        config.routes.exception(ApiException.class, AdminServer::answer);
        config.routes.exception(Exception.class, (error, context) -> {
            log.error("request failed path={}", context.path(), error);
            answer(new ApiException(500, "internal error", "", "the log of the server says more"), context);
        });
        config.routes.error(404, context -> {
            if (context.result() == null
                    || !"application/problem+json".equals(context.res().getContentType())) {
                answer(new ApiException(404, "no such path", context.path(), "the paths begin with /v1/"), context);
            }
        });
    }

    private static void answer(ApiException error, Context context) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("type", "about:blank");
            json.writeStringField("title", error.title());
            json.writeNumberField("status", error.status());
            json.writeStringField("detail", error.getMessage());
            json.writeStringField("field", error.field());
            json.writeEndObject();
        } catch (IOException e) {
            throw new AssertionError("a string writer does not fail", e);
        }
        context.status(error.status()).contentType("application/problem+json").result(text + "\n");
    }

    /** Binds the address; a failure names it, the reason and the fix. */
    public void start() throws IOException {
        probe();
        server.start(listen.ip().toString(), listen.port());
    }

    /** Jetty wraps bind errors twice; asking first gives one clear line. */
    private void probe() throws IOException {
        if (listen.port() == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new java.net.InetSocketAddress(listen.ip().toInetAddress(), listen.port()));
        } catch (BindException e) {
            throw new IOException(
                    "cannot listen on " + listen + " (admin API): " + e.getMessage()
                            + "; stop what uses it or choose another with --admin-listen ADDR:PORT",
                    e);
        }
    }

    /** The real address, with the port that was given for port 0. */
    public Endpoint listening() {
        return new Endpoint(listen.ip(), server.port());
    }

    @Override
    public void close() {
        server.stop();
    }
}
