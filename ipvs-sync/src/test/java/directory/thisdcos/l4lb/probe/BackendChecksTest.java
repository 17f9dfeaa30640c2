package directory.thisdcos.l4lb.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import directory.thisdcos.l4lb.model.Check;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real servers of each kind over loopback. */
final class BackendChecksTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final AtomicInteger changes = new AtomicInteger();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final BackendChecks checks =
            new BackendChecks(key -> changes.incrementAndGet(), registry, InstantSource.system());

    @AfterEach
    void close() {
        checks.close();
    }

    private static CheckKey key(Check.Kind kind, int port, String target) {
        return new CheckKey(new Endpoint(Ip.of("127.0.0.1"), port), new Check(kind, target, 100, 100, 2, 3));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not in time");
            Thread.onSpinWait();
        }
    }

    private void awaitFailure(CheckKey key, String reason) {
        checks.set(Set.of(key));
        await(() -> checks.failures().stream()
                .anyMatch(
                        failure -> failure.key().equals(key) && failure.reason().contains(reason)));
        assertTrue(checks.fails(key));
    }

    private void awaitSuccesses(CheckKey key) {
        checks.set(Set.of(key));
        String good = "l4lb_checks_total";
        await(() -> count(good, key.check().kind().text(), "good") >= 5);
        assertEquals(List.of(), checks.failures());
    }

    private double count(String metric, String kind, String result) {
        double sum = 0;
        for (var snapshot : registry.scrape(name -> name.startsWith("l4lb_checks"))) {
            for (var point : snapshot.getDataPoints()) {
                if (metric.startsWith(snapshot.getMetadata().getName())
                        && point
                                instanceof
                                io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot counter
                        && kind.equals(point.getLabels().get("kind"))
                        && result.equals(point.getLabels().get("result"))) {
                    sum += counter.getValue();
                }
            }
        }
        return sum;
    }

    @Test
    void aConnectionIsTakenOrNot() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 500, LOOPBACK)) {
            port = server.getLocalPort();
            awaitSuccesses(key(Check.Kind.TCP, port, ""));
        }
        awaitFailure(key(Check.Kind.TCP, port, ""), "connection refused");
        try (ServerSocket server = new ServerSocket(port, 500, LOOPBACK)) {
            assertEquals(port, server.getLocalPort());
            await(() -> checks.failures().isEmpty() && changes.get() >= 2);
            assertEquals(2, changes.get(), "down once and up once");
        }
    }

    private static void answer(HttpServer server) {
        server.createContext("/good", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.createContext("/bad", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        server.start();
    }

    @Test
    void httpIsJudgedByItsStatus() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        answer(server);
        int port = server.getAddress().getPort();
        try {
            awaitSuccesses(key(Check.Kind.HTTP, port, "/good"));
            awaitFailure(key(Check.Kind.HTTP, port, "/bad"), "HTTP status 503");
            awaitFailure(key(Check.Kind.HTTPS, port, "/good"), "");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void httpsToo(@TempDir Path dir) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls(dir)));
        answer(server);
        int port = server.getAddress().getPort();
        try {
            awaitSuccesses(new CheckKey(
                    new Endpoint(Ip.of("127.0.0.1"), port), new Check(Check.Kind.HTTPS, "/good", 500, 500, 2, 5)));
            awaitFailure(key(Check.Kind.HTTP, port, "/good"), "");
        } finally {
            server.stop(0);
        }
    }

    /** A certificate that nobody trusts. */
    private static SSLContext tls(Path dir) throws Exception {
        Path store = dir.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=server",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "secret")
                .inheritIO()
                .start();
        assertEquals(0, keytool.waitFor());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "secret".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** Answers each datagram by a function of it, until closed. */
    private static final class Responder implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(0, LOOPBACK);

        Responder(java.util.function.UnaryOperator<byte[]> answer) throws IOException {
            Thread thread = new Thread(
                    () -> {
                        byte[] buffer = new byte[512];
                        while (!socket.isClosed()) {
                            try {
                                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                                socket.receive(packet);
                                byte[] back = answer.apply(java.util.Arrays.copyOf(buffer, packet.getLength()));
                                if (back.length > 0) {
                                    socket.send(new DatagramPacket(back, back.length, packet.getSocketAddress()));
                                }
                            } catch (IOException e) {
                                return;
                            }
                        }
                    },
                    "responder");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static byte[] dns(byte[] query, int rcode) {
        byte[] answer = query.clone();
        answer[2] |= (byte) 0x80;
        answer[3] = (byte) rcode;
        return answer;
    }

    @Test
    void dnsIsJudgedByItsResponseCode() throws Exception {
        List<byte[]> queries = new ArrayList<>();
        try (Responder good = new Responder(query -> {
                    queries.add(query);
                    return dns(query, 3);
                });
                Responder bad = new Responder(query -> dns(query, 5));
                Responder silent = new Responder(query -> new byte[0]);
                Responder odd = new Responder(query -> new byte[] {1, 2, 3})) {
            awaitSuccesses(key(Check.Kind.DNS, good.port(), "web.example"));
            assertEquals(
                    "\3web\7example\0\0\1\0\1",
                    new String(queries.get(0), 12, queries.get(0).length - 12, StandardCharsets.ISO_8859_1));
            awaitFailure(key(Check.Kind.DNS, bad.port(), ""), "DNS response code 5");
            awaitFailure(key(Check.Kind.DNS, silent.port(), ""), "no answer within 100 ms");
            awaitFailure(key(Check.Kind.DNS, odd.port(), ""), "not DNS");
        }
    }

    @Test
    void udpIsAnsweredOrAtLeastNotRefused() throws Exception {
        try (Responder silent = new Responder(query -> new byte[0]);
                Responder echo = new Responder(query -> query)) {
            awaitSuccesses(key(Check.Kind.UDP, silent.port(), ""));
            awaitFailure(key(Check.Kind.UDP, silent.port(), "ping"), "no answer");
            checks.set(Set.of(key(Check.Kind.UDP, echo.port(), "ping")));
            double before = count("l4lb_checks_total", "udp", "good");
            await(() -> count("l4lb_checks_total", "udp", "good") > before + 5);
            assertEquals(List.of(), checks.failures());
        }
        int closed;
        try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
            closed = socket.getLocalPort();
        }
        awaitFailure(key(Check.Kind.UDP, closed, ""), "connection refused");
    }

    @Test
    void thousandsOfServersAreCheckedAndForgotten() throws Exception {
        int refused;
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            refused = server.getLocalPort();
        }
        Set<CheckKey> keys = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            keys.add(new CheckKey(
                    new Endpoint(Ip.of("127.0." + (1 + i / 200) + "." + (1 + i % 200)), refused),
                    new Check(Check.Kind.TCP, "", 500, 500, 1, 1)));
        }
        checks.set(keys);
        await(() -> checks.failures().size() == keys.size());
        checks.set(Set.of());
        await(() -> checks.failures().isEmpty());
    }
}
