package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTPS with certificates from PEM files, which are read again when they change, so that a renewal needs no restart. Files
 * that cannot be used are reported, and what was before stays. Looks on a thread of its own.
 */
final class TlsConnector implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TlsConnector.class);
    private static final String REPORTER = "admin-tls";
    private static final long LOOK_MILLIS = 1_000;

    private final AdminAccess access;
    private final ProblemBoard problems;
    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private final Thread thread = new Thread(this::follow, "admin-tls");
    private volatile boolean closed;
    private List<FileTime> stamp;

    /** @throws IOException with one line that names the file, if the files cannot be used */
    TlsConnector(AdminAccess access, ProblemBoard problems) throws IOException {
        this.access = access;
        this.problems = problems;
        this.stamp = look();
        factory.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        // A client without a certificate may still have a token.
        factory.setWantClientAuth(access.clientAuthorities().isPresent());
        use(factory, PemStores.read(access));
        thread.setDaemon(true);
        thread.start();
    }

    ServerConnector connector(Server server, HttpConfiguration http) {
        HttpConfiguration secure = new HttpConfiguration(http);
        // A host name that is not the certificate's concerns browsers; ours ask for addresses.
        secure.addCustomizer(new SecureRequestCustomizer(false));
        ServerConnector connector = new ServerConnector(server, factory, new HttpConnectionFactory(secure));
        connector.setHost(access.listen().ip().toString());
        connector.setPort(access.listen().port());
        return connector;
    }

    private static void use(SslContextFactory.Server factory, PemStores stores) {
        factory.setKeyStore(stores.identity());
        factory.setKeyStorePassword(PemStores.PASSWORD);
        stores.clients().ifPresent(factory::setTrustStore);
    }

    private void follow() {
        while (!closed) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                refresh();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void refresh() {
        try {
            List<FileTime> now = look();
            if (!now.equals(stamp)) {
                // The files do not change at once: a pair that does not fit is tried again until it does.
                PemStores stores = PemStores.read(access);
                factory.reload(changed -> use((SslContextFactory.Server) changed, stores));
                stamp = now;
                log.info(
                        "the admin API uses the new certificate {}",
                        access.certificate().orElseThrow());
                problems.report(REPORTER, List.of());
            }
        } catch (Exception e) {
            // Jetty's reload declares Exception; whatever it is, the certificate before it is still good.
            problems.report(
                    REPORTER,
                    List.of(new Problem(
                            "admin-certificate",
                            access.certificate().map(Path::toString).orElse(""),
                            e.getMessage() + "; the certificate before it stays in use")));
        }
    }

    private List<FileTime> look() throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (Optional<Path> file : List.of(access.certificate(), access.key(), access.clientAuthorities())) {
            if (file.isPresent()) {
                try {
                    times.add(Files.getLastModifiedTime(file.get()));
                } catch (IOException e) {
                    throw new IOException("the TLS file " + file.get() + " cannot be read", e);
                }
            }
        }
        return times;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
