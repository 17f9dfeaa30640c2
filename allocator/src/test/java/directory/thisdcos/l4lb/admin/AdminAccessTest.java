package directory.thisdcos.l4lb.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Who may do what, over real TLS with certificates that openssl makes. */
final class AdminAccessTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    // printf TOKEN | sha256sum
    private static final String READER = "read ann sha256:" + Pki.sha256("reader-token");
    private static final String WRITER = "write bob sha256:" + Pki.sha256("writer-token");
    private static final String ADMIN = "admin eve sha256:" + Pki.sha256("admin-token");
    private static final String FREEZE = "/v1/sources/freeze?id=none";
    private static final String PUT = "/v1/services/db.api:1";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(logged);
    }

    private AdminServer open(AdminAccess access) throws IOException {
        AdminView view = new AdminView(
                () -> State.EMPTY,
                problems,
                List::of,
                () -> new AdminView.DataPlane("off", "a test", () -> ""),
                Optional::empty,
                Optional::empty,
                "1");
        AdminServer server = AdminServer.open(access, view, registry);
        server.start();
        return server;
    }

    private AdminAccess access(Pki pki, Optional<Path> tokens, boolean clients) {
        return new AdminAccess(
                Endpoint.parse("127.0.0.1:0"),
                Optional.of(pki.certificate("server")),
                Optional.of(pki.key("server")),
                tokens,
                clients ? Optional.of(pki.authority()) : Optional.empty());
    }

    private static HttpResponse<String> send(
            AdminServer server, HttpClient client, String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server.scheme() + "://" + server.listening() + path))
                .timeout(LIMIT)
                .method(method, HttpRequest.BodyPublishers.ofString("{}"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int status(AdminServer server, HttpClient client, String token, String method, String path)
            throws Exception {
        return send(server, client, method, path, "Authorization", "Bearer " + token)
                .statusCode();
    }

    @Test
    void anAddressForOthersNeedsTlsAndSomethingToKnowThemBy() {
        Endpoint open = Endpoint.parse("0.0.0.0:62080");
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> AdminAccess.local(open))
                .getMessage());
        assertTrue(message.contains("--admin-tls-cert") && message.contains("--admin-tokens"), message);
        Optional<Path> file = Optional.of(Path.of("x"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new AdminAccess(open, file, file, Optional.empty(), Optional.empty()),
                "TLS alone lets everybody in");
        assertThrows(
                IllegalArgumentException.class,
                () -> new AdminAccess(open, Optional.empty(), Optional.empty(), file, Optional.empty()),
                "tokens over plain HTTP are seen by all");
        assertFalse(new AdminAccess(open, file, file, file, Optional.empty()).isOpen());
        assertTrue(AdminAccess.local(Endpoint.parse("[::1]:1")).isOpen());
    }

    @Test
    void aRoleLimitsWhatATokenMayDo() throws Exception {
        Path tokens = Files.writeString(
                temp.resolve("tokens"), String.join("\n", "# who", READER, WRITER + " # bob", "", ADMIN, ""));
        Pki pki = Pki.make(temp);
        HttpClient client = pki.client(Optional.empty());
        try (AdminServer server = open(access(pki, Optional.of(tokens), false))) {
            HttpResponse<String> nobody = send(server, client, "GET", "/v1/vips");
            assertEquals(401, nobody.statusCode());
            assertEquals(
                    "Bearer", nobody.headers().firstValue("www-authenticate").orElse(""));
            assertTrue(nobody.body().contains("\"fix\""), nobody.body());
            assertEquals(200, send(server, client, "GET", "/healthz").statusCode(), "for supervisors");
            assertEquals(401, status(server, client, "wrong", "GET", "/v1/vips"));
            assertEquals(200, status(server, client, "reader-token", "GET", "/v1/vips"));
            assertEquals(403, status(server, client, "reader-token", "PUT", PUT));
            // Allowed, and then there is no allocator in this process.
            assertEquals(400, status(server, client, "writer-token", "PUT", PUT));
            assertEquals(403, status(server, client, "writer-token", "POST", FREEZE));
            assertEquals(404, status(server, client, "admin-token", "POST", FREEZE));
        }
        String log = String.join(
                "\n",
                logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
        assertTrue(
                log.contains("audit who=eve role=admin from=127.0.0.1 what=\"POST " + FREEZE + "\" status=404"), log);
        assertTrue(log.contains("audit who=ann role=read from=127.0.0.1 what=\"PUT " + PUT + "\" status=403"), log);
        assertFalse(log.contains("-token"), "no secret is logged: " + log);
    }

    @Test
    void tokensAreRotatedInPlace() throws Exception {
        Path tokens = Files.writeString(temp.resolve("tokens"), READER + "\n");
        Pki pki = Pki.make(temp);
        HttpClient client = pki.client(Optional.empty());
        try (AdminServer server = open(access(pki, Optional.of(tokens), false))) {
            assertEquals(200, status(server, client, "reader-token", "GET", "/v1/vips"));
            replace(tokens, "nonsense reader-token\n");
            await("the problem", () -> {
                status(server, client, "reader-token", "GET", "/v1/vips");
                return !problems.entries().isEmpty();
            });
            assertFalse(problems.entries().toString().contains("reader-token"), "the line is not shown");
            assertEquals(200, status(server, client, "reader-token", "GET", "/v1/vips"), "what was before is in force");
            replace(tokens, WRITER + "\n");
            await("the new token", () -> status(server, client, "writer-token", "GET", "/v1/vips") == 200);
            assertEquals(401, status(server, client, "reader-token", "GET", "/v1/vips"));
            assertTrue(problems.entries().isEmpty(), problems.entries().toString());
        }
        assertThrows(IOException.class, () -> open(access(pki, Optional.of(temp.resolve("none")), false)));
    }

    @Test
    void aClientCertificateNamesItsHolderAndTheRole() throws Exception {
        Pki pki = Pki.make(temp);
        pki.issue("carol", "/CN=carol/OU=write");
        try (AdminServer server = open(access(pki, Optional.empty(), true))) {
            HttpClient carol = pki.client(Optional.of("carol"));
            assertEquals(200, send(server, carol, "GET", "/v1/vips").statusCode());
            assertEquals(400, send(server, carol, "PUT", PUT).statusCode());
            assertEquals(403, send(server, carol, "POST", FREEZE).statusCode());
            assertEquals(
                    401,
                    send(server, pki.client(Optional.empty()), "GET", "/v1/vips")
                            .statusCode());
        }
    }

    @Test
    void aRenewedCertificateNeedsNoRestart() throws Exception {
        Pki pki = Pki.make(temp);
        try (AdminServer server = open(access(pki, Optional.empty(), true))) {
            Pki other = Pki.make(Files.createDirectory(temp.resolve("other")));
            HttpClient strict = other.client(Optional.empty());
            assertThrows(SSLHandshakeException.class, () -> send(server, strict, "GET", "/healthz"));
            Files.copy(other.key("server"), pki.key("server"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(other.certificate("server"), pki.certificate("server"), StandardCopyOption.REPLACE_EXISTING);
            await("the new certificate", () -> {
                try {
                    return send(server, other.client(Optional.empty()), "GET", "/healthz")
                                    .statusCode()
                            == 200;
                } catch (SSLHandshakeException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void pagesOfOtherSitesChangeNothing() throws Exception {
        try (AdminServer server = open(AdminAccess.local(Endpoint.parse("127.0.0.1:0")))) {
            HttpClient client = HttpClient.newHttpClient();
            assertEquals(404, send(server, client, "POST", FREEZE).statusCode(), "no allocator here, but allowed");
            String own = "http://" + server.listening();
            assertEquals(
                    404, send(server, client, "POST", FREEZE, "Origin", own).statusCode());
            assertEquals(
                    403,
                    send(server, client, "POST", FREEZE, "Origin", "https://evil.example")
                            .statusCode());
        }
    }

    private static void replace(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling("next"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, "not in time: " + what);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
