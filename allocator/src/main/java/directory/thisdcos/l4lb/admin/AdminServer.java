package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.model.Endpoint;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Serves {@link AdminView} over HTTP/1.1, or HTTPS, on one address. */
public final class AdminServer implements AutoCloseable {
    private final AdminAccess access;
    private final Optional<TlsConnector> tls;
    private final Javalin server;

    /** On loopback, for everybody on this machine. */
    public AdminServer(Endpoint listen, AdminView view, PrometheusRegistry registry) {
        this(
                AdminAccess.local(listen),
                view,
                registry,
                new LeaderProxy(view.allocator(), Optional.empty()),
                Optional.empty(),
                Optional.empty());
    }

    private AdminServer(
            AdminAccess access,
            AdminView view,
            PrometheusRegistry registry,
            LeaderProxy leader,
            Optional<Tokens> tokens,
            Optional<TlsConnector> tls) {
        this.access = access;
        this.tls = tls;
        Gate gate = new Gate(access.isOpen(), tokens);
        Routes routes = new Routes(view, leader, registry);
        this.server = Javalin.create(config -> configure(config, gate, routes));
    }

    /** @throws IOException with one line that names the file, if one of {@code access} cannot be used */
    public static AdminServer open(AdminAccess access, AdminView view, PrometheusRegistry registry) throws IOException {
        Optional<Tokens> tokens = access.tokens().isPresent()
                ? Optional.of(new Tokens(access.tokens().get(), view.problems()))
                : Optional.empty();
        Optional<TlsConnector> tls = access.certificate().isPresent()
                ? Optional.of(new TlsConnector(access, view.problems()))
                : Optional.empty();
        Optional<SSLContext> peers = tls.isPresent() ? Optional.of(PemStores.peers(access)) : Optional.empty();
        return new AdminServer(access, view, registry, new LeaderProxy(view.allocator(), peers), tokens, tls);
    }

    private void configure(JavalinConfig config, Gate gate, Routes routes) {
        HttpLimits.apply(config);
        tls.ifPresent(connector -> config.jetty.addConnector(connector::connector));
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.routes.before(gate::check);
        config.routes.before(HttpLimits::checkLength);
        config.routes.after(Audit::log);
        routes.register(config.routes);
        OpenApi.register(config.routes);
        WebPage.register(config.routes);
        ErrorAnswers.register(config.routes);
    }

    /** Binds the address; a failure names it, the reason and the fix. */
    public void start() throws IOException {
        probe();
        server.start(access.listen().ip().toString(), access.listen().port());
    }

    /** Jetty wraps bind errors twice; asking first gives one clear line. */
    private void probe() throws IOException {
        Endpoint listen = access.listen();
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
        return new Endpoint(access.listen().ip(), server.port());
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return tls.isPresent() ? "https" : "http";
    }

    /** Method and path of each route, as the API's description has them; without the page for people. */
    List<String> routes() {
        return server.unsafe.internalRouter.allHttpHandlers().stream()
                .filter(route -> !route.endpoint.method.name().startsWith("BEFORE")
                        && !route.endpoint.method.name().startsWith("AFTER")
                        && !WebPage.FILES.containsKey(route.endpoint.path))
                .map(route -> route.endpoint.method + " "
                        + route.endpoint.path.replace('<', '{').replace('>', '}'))
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        tls.ifPresent(TlsConnector::close);
        server.stop();
    }
}
