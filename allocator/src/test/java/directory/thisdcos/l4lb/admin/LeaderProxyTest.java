package directory.thisdcos.l4lb.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.allocator.MemoryJournal;
import directory.thisdcos.l4lb.allocator.TestSettings;
import directory.thisdcos.l4lb.model.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two allocators that only talk TLS: what changes the table may be asked of either. */
final class LeaderProxyTest {
    private static final String PATH = "/v1/services/db.api:5432";
    private static final String BODY = "{\"backends\":[{\"ip\":\"10.0.0.5\",\"port\":5432}]}";

    private static RunningAllocator running(AdminAccess access) throws IOException {
        return new RunningAllocator(access, TestSettings.of(Duration.ofMinutes(1)), new MemoryJournal());
    }

    @Test
    void aStandbyPassesOnWhoAsksAndWhat(@TempDir Path temp) throws Exception {
        Path tokens = Files.writeString(
                temp.resolve("tokens"),
                "write bob sha256:" + Pki.sha256("writer-token") + "\nread ann sha256:" + Pki.sha256("reader-token")
                        + "\n");
        Pki pki = Pki.make(temp);
        AdminAccess access = new AdminAccess(
                Endpoint.parse("127.0.0.1:0"),
                Optional.of(pki.certificate("server")),
                Optional.of(pki.key("server")),
                Optional.of(tokens),
                Optional.of(pki.authority()));
        HttpClient client = pki.client(Optional.empty());
        try (RunningAllocator leading = running(access);
                RunningAllocator standby = running(access)) {
            leading.leader().set(true);
            standby.leader().follow(leading.uri());

            HttpResponse<String> put = put(client, standby.uri(), "writer-token");
            assertEquals(201, put.statusCode(), put::body);
            assertEquals(
                    leading.uri().toString(),
                    put.headers().firstValue("L4lb-Answered-By").orElse(""));
            assertEquals(1, leading.journal().state().size());
            assertEquals(0, standby.journal().state().size());
            assertEquals(403, put(client, standby.uri(), "reader-token").statusCode());

            leading.leader().set(false);
            HttpResponse<String> nobody = put(client, standby.uri(), "writer-token");
            assertEquals(503, nobody.statusCode(), nobody::body);
            assertTrue(nobody.body().contains("try again"), nobody::body);
        }
    }

    /** Nobody can show another's certificate, so its holder is sent on, with method and body. */
    @Test
    void aStandbySendsTheHolderOfACertificateToTheLeader(@TempDir Path temp) throws Exception {
        Pki pki = Pki.make(temp);
        pki.issue("carol", "/CN=carol/OU=write");
        AdminAccess access = new AdminAccess(
                Endpoint.parse("127.0.0.1:0"),
                Optional.of(pki.certificate("server")),
                Optional.of(pki.key("server")),
                Optional.empty(),
                Optional.of(pki.authority()));
        HttpClient carol = pki.client(Optional.of("carol"));
        try (RunningAllocator leading = running(access);
                RunningAllocator standby = running(access)) {
            leading.leader().set(true);
            standby.leader().follow(leading.uri());
            HttpResponse<String> sent = put(carol, standby.uri(), "no-token");
            assertEquals(307, sent.statusCode(), sent::body);
            URI there = URI.create(sent.headers().firstValue("Location").orElseThrow());
            assertEquals(leading.uri().resolve(PATH), there);
            assertEquals(201, put(carol, there, "no-token").statusCode());
            assertEquals(1, leading.journal().state().size());
        }
    }

    private static HttpResponse<String> put(HttpClient client, URI server, String token) throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.resolve(PATH))
                        .timeout(Duration.ofSeconds(60))
                        .header("Authorization", "Bearer " + token)
                        .PUT(HttpRequest.BodyPublishers.ofString(BODY))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
