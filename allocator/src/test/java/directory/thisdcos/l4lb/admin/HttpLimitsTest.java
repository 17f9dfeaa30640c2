package directory.thisdcos.l4lb.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that hold it wrong, over plain sockets. */
final class HttpLimitsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AdminServer server = new AdminServer(
            Endpoint.parse("127.0.0.1:0"),
            new AdminView(
                    () -> State.EMPTY,
                    new ProblemBoard(registry, InstantSource.system()),
                    List::of,
                    () -> new AdminView.DataPlane("off", "a test", () -> "x".repeat(10_000)),
                    Optional::empty,
                    Optional::empty,
                    "1"),
            registry);

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.listening().port()));
        socket.setSoTimeout((int) LIMIT.toMillis());
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** All that comes until the server closes. */
    private static String receive(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void assertProblem(int status, String field, String answer) throws IOException {
        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
        assertTrue(answer.contains("application/problem+json"), answer);
        JsonNode problem = new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
        assertEquals(status, problem.path("status").asInt(), answer);
        assertEquals(field, problem.path("field").asText(), answer);
        assertFalse(problem.path("fix").asText().isEmpty(), answer);
    }

    @Test
    void whatIsNoHttpOrTooLargeGetsAProblem() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "NONSENSE\r\n\r\n");
            assertProblem(400, "", receive(socket));
        }
        try (Socket socket = connect()) {
            send(
                    socket,
                    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + "y".repeat(HttpLimits.MAX_HEADER_BYTES)
                            + "\r\n\r\n");
            assertProblem(431, "header", receive(socket));
        }
        try (Socket socket = connect()) {
            send(
                    socket,
                    "PUT /v1/services/db.marathon:1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: "
                            + (HttpLimits.MAX_BODY_BYTES + 1) + "\r\n\r\n");
            assertProblem(413, "body", receive(socket));
        }
    }

    @Test
    void wrongMethodsAndPathsGetAProblem() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "DELETE /v1/vips HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            String answer = receive(socket);
            assertProblem(405, "method", answer);
            assertTrue(answer.contains("GET"), answer);
        }
        try (Socket socket = connect()) {
            send(socket, "GET /v2/vips HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            assertProblem(404, "path", receive(socket));
        }
    }

    @Test
    void aBodyThatTricklesIsGivenUp() throws Exception {
        try (Socket socket = connect()) {
            send(
                    socket,
                    "PUT /v1/services/db.marathon:1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n");
            long deadline = System.nanoTime() + LIMIT.toNanos();
            try {
                while (socket.getInputStream().available() == 0) {
                    assertTrue(System.nanoTime() < deadline, "it still waits");
                    send(socket, " ");
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                }
            } catch (SocketException e) {
                return; // closed: given up too
            }
            try (InputStream in = socket.getInputStream()) {
                String status = new String(in.readNBytes("HTTP/1.1 408".length()), StandardCharsets.ISO_8859_1);
                assertEquals("HTTP/1.1 408", status);
            }
        }
    }

    @Test
    void idleConnectionsMakeRoomForAnotherClient() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < HttpLimits.MAX_CONNECTIONS; i++) {
                Socket socket = connect();
                idle.add(socket);
                send(socket, "GET /slow");
            }
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + server.listening() + "/healthz"))
                            .timeout(LIMIT)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void whoTakesGzipGetsIt() throws Exception {
        HttpResponse<byte[]> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://" + server.listening() + "/v1/ipvs/plan"))
                        .header("Accept-Encoding", "gzip")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals("gzip", answer.headers().firstValue("content-encoding").orElse(""));
        assertTrue(answer.body().length < 1_000);
        try (InputStream plain = new GZIPInputStream(new java.io.ByteArrayInputStream(answer.body()))) {
            assertEquals(10_000, plain.readAllBytes().length);
        }
    }
}
