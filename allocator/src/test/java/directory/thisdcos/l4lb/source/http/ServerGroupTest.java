package directory.thisdcos.l4lb.source.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.http.HttpFailure.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ServerGroupTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final HttpTransport transport = transport(Optional.empty());

    @TempDir
    Path folder;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    @Test
    void aRedirectIsFollowedWithItsCredentials() throws Exception {
        ReplayServer leader = server((request, reply) -> reply.json("leader " + request.header("authorization")));
        ReplayServer standby = server(
                (request, reply) -> reply.send(307, "", "Location: //127.0.0.1:" + leader.port() + request.target()));
        ServerGroup group = group(standby.url().replace("http://", "http://bob:s3cret@"));
        assertEquals("leader Basic Ym9iOnMzY3JldA==", text(group, "/v2/info?x=1"));
        assertEquals("/v2/info?x=1", leader.requests().get(0).target());
    }

    @Test
    void aLoopOfRedirectsEnds() throws Exception {
        ReplayServer server = server((request, reply) -> reply.send(302, "", "Location: " + request.target()));
        HttpFailure failure = failure(group(server.url()), "/a");
        assertEquals(Reason.REDIRECT, failure.reason());
        assertEquals(6, server.requests().size());
    }

    @Test
    void theNextServerIsAskedAndRemembered() throws Exception {
        ReplayServer broken = server((request, reply) -> reply.send(503, "no"));
        ReplayServer cut = server((request, reply) -> reply.cut());
        ReplayServer good = server((request, reply) -> reply.json("good"));
        ServerGroup group = group("http://127.0.0.1:1," + broken.url() + "," + cut.url() + "," + good.url());
        assertEquals("good", text(group, "/a"));
        assertEquals("good", text(group, "/a"));
        assertEquals(1, broken.requests().size());
        assertEquals(2, good.requests().size());
        group.preferAnother();
        assertEquals("good", text(group, "/a"));
        assertEquals(2, broken.requests().size());
    }

    @Test
    void notFoundIsAnAnswer() throws Exception {
        ReplayServer absent = server((request, reply) -> reply.send(404, "no"));
        ReplayServer other = server((request, reply) -> reply.json("x"));
        assertEquals(404, failure(group(absent.url() + "," + other.url()), "/a").status());
        assertEquals(0, other.requests().size());
    }

    @Test
    void whatIsWrongIsToldApart() throws Exception {
        assertEquals(Reason.CONNECT, failure(group("http://127.0.0.1:1"), "/a").reason());
        assertEquals(
                Reason.UNRESOLVED, failure(group("http://no.such.host:1"), "/a").reason());
        assertEquals(Reason.STATUS, failure((r, reply) -> reply.send(500, "x")));
        assertEquals(Reason.REFUSED, failure((r, reply) -> reply.send(401, "x")));
        assertEquals(Reason.REFUSED, failure((r, reply) -> reply.send(403, "x")));
        assertEquals(Reason.CUT, failure((r, reply) -> reply.cut()));
        assertEquals(Reason.MALFORMED, failure((r, reply) -> reply.raw("SSH-2.0-OpenSSH_9.2\r\n".repeat(600))));
        assertEquals(Reason.TIMEOUT, failure((r, reply) -> reply.stall()));
        assertEquals(Reason.REDIRECT, failure((r, reply) -> reply.send(302, "", "Location: ftp://x/")));
    }

    @Test
    void bodiesHaveLimits() throws Exception {
        assertEquals(Reason.TOO_LARGE, bodyFailure((r, reply) -> reply.json("x".repeat(2_000))));
        assertEquals(
                Reason.CUT, bodyFailure((r, reply) -> reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")));
        assertEquals(Reason.CUT, bodyFailure((r, reply) -> {
            reply.stream(200).chunk("half");
            reply.cut();
        }));
        assertEquals(Reason.TIMEOUT, bodyFailure((r, reply) -> {
            reply.stream(200).chunk("half");
            reply.stall();
        }));
        assertEquals(
                Reason.TIMEOUT,
                bodyFailure(
                        (r, reply) -> {
                            reply.stream(200);
                            while (true) {
                                reply.chunk("x");
                            }
                        },
                        Duration.ofMillis(300),
                        Long.MAX_VALUE));
    }

    @Test
    void closingWakesTheReader() throws Exception {
        ReplayServer server = server((request, reply) -> {
            reply.stream(200).chunk("data: 1\n\n");
            reply.stall();
        });
        HttpAnswer answer = group(server.url())
                .call(HttpCall.stream(
                        "GET", "/v2/events", java.util.Map.of("Accept", "text/event-stream"), Optional.empty(), LONG));
        SseReader reader = new SseReader(answer.body(), 100);
        assertEquals("1", reader.next().orElseThrow().data());
        Thread closer = new Thread(answer::close);
        closer.start();
        assertThrows(HttpFailure.class, reader::next);
        closer.join();
    }

    @Test
    void aTokenFileIsReadAgainWhenItIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "first\n");
        Authorization token = new TokenFile(file);
        ReplayServer server = server((request, reply) -> reply.send(
                request.header("authorization").equals("token=second") ? 200 : 401, request.header("authorization")));
        ServerGroup group = new ServerGroup(transport, ServerUrl.parseList(server.url()), token);
        assertEquals(Reason.REFUSED, failure(group, "/a").reason());
        Files.writeString(file, "second");
        assertEquals("token=second", text(group, "/a"));
        Files.writeString(file, "Bearer third");
        assertEquals(Optional.of("Bearer third"), new TokenFile(file).header());
        assertFalse(group.toString().contains("second") || token.toString().contains("second"));
    }

    @Test
    void tlsTrustsTheGivenAuthorityOnly() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder);
        ReplayServer server = new ReplayServer((request, reply) -> reply.json("secure"), certificate.context());
        opened.add(server);
        ServerGroup trusting = new ServerGroup(
                transport(Optional.of(certificate.pem())), ServerUrl.parseList(server.url()), Authorization.NONE);
        assertEquals("secure", text(trusting, "/a"));
        assertEquals(Reason.TLS, failure(group(server.url()), "/a").reason());
    }

    @Test
    void tlsChecksTheHostName() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder);
        ReplayServer server = new ReplayServer((request, reply) -> reply.json("secure"), certificate.context());
        opened.add(server);
        ServerGroup other = new ServerGroup(
                transport(Optional.of(certificate.pem())),
                ServerUrl.parseList("https://other.known:" + server.port()),
                Authorization.NONE);
        assertEquals(Reason.TLS, failure(other, "/a").reason());
    }

    @Test
    void aCaFileThatIsNoneIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("ca.pem"), "nothing");
        IOException failure = assertThrows(IOException.class, () -> new HttpTransport(hosts(), Optional.of(file)));
        assertTrue(String.valueOf(failure.getMessage()).contains(file.toString()), failure.toString());
        assertThrows(IOException.class, () -> new HttpTransport(hosts(), Optional.of(folder.resolve("absent"))));
    }

    private ReplayServer server(ReplayServer.Handler handler) throws IOException {
        ReplayServer server = new ReplayServer(handler);
        opened.add(server);
        return server;
    }

    private HttpTransport transport(Optional<Path> ca) {
        try {
            HttpTransport made = new HttpTransport(hosts(), ca);
            opened.add(made);
            return made;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static HostAddresses hosts() {
        return new HostAddresses(
                host -> host.endsWith(".known") ? List.of(Ip.of("127.0.0.1")) : List.of(), InstantSource.system());
    }

    private ServerGroup group(String urls) {
        return new ServerGroup(transport, ServerUrl.parseList(urls), Authorization.NONE);
    }

    private static String text(ServerGroup group, String path) throws IOException {
        try (HttpAnswer answer = group.call(HttpCall.getJson(path, LONG, LONG, 1_000))) {
            return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static HttpFailure failure(ServerGroup group, String path) {
        return assertThrows(
                HttpFailure.class,
                () -> group.call(HttpCall.getJson(path, SHORT, LONG, 1_000)).close());
    }

    private Reason failure(ReplayServer.Handler handler) throws IOException {
        return failure(group(server(handler).url()), "/a").reason();
    }

    private Reason bodyFailure(ReplayServer.Handler handler) throws IOException {
        return bodyFailure(handler, LONG, 1_000);
    }

    private Reason bodyFailure(ReplayServer.Handler handler, Duration total, long maxBytes) throws IOException {
        ServerGroup group = group(server((request, reply) -> {
                    handler.handle(request, reply);
                    reply.cut();
                })
                .url());
        try (HttpAnswer answer = group.call(HttpCall.getJson("/a", Duration.ofMillis(500), total, maxBytes))) {
            return assertThrows(
                            HttpFailure.class, () -> answer.body().transferTo(java.io.OutputStream.nullOutputStream()))
                    .reason();
        }
    }
}
