package directory.thisdcos.l4lb.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.allocator.MemoryJournal;
import directory.thisdcos.l4lb.allocator.TestSettings;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.api.ServicePath;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Orders over HTTP to an allocator, up to its journal. */
final class ServiceRoutesTest {
    private static final String SERVICE = "/v1/services/db.marathon:5432";
    private static final String ONE = "{\"backends\":[{\"ip\":\"10.0.0.5\",\"port\":5432}]}";

    private final MemoryJournal journal = new MemoryJournal();
    private final HttpClient client = HttpClient.newHttpClient();
    private RunningAllocator running = start();

    ServiceRoutesTest() throws IOException {}

    /** One life of a process; the journal outlives it. */
    private RunningAllocator start() throws IOException {
        RunningAllocator next =
                new RunningAllocator(RunningAllocator.LOOPBACK, TestSettings.of(Duration.ofMinutes(1), "a"), journal);
        next.leader().set(true);
        return next;
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(running.uri().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new ObjectMapper().readTree(response.body());
    }

    @Test
    void aServiceIsPutReadReplacedAndDeleted() throws Exception {
        HttpResponse<String> created = send("PUT", SERVICE, ONE);
        assertEquals(201, created.statusCode(), created::body);
        assertEquals(
                "db.marathon.l4lb.thisdcos.directory:5432",
                json(created).at("/vip").asText());
        assertTrue(json(created).at("/address").asText().startsWith("11."), created::body);
        assertEquals("10.0.0.5", json(created).at("/backend/0/ip").asText());
        assertEquals(created.body(), send("GET", SERVICE, "").body());
        long written = journal.state().seq();
        assertEquals(200, send("PUT", SERVICE, ONE).statusCode());
        assertEquals(written, journal.state().seq(), "putting the same again writes nothing");
        assertEquals(
                0,
                json(send("PUT", SERVICE, "{\"backends\":[]}")).at("/backend").size());
        assertEquals(204, send("DELETE", SERVICE, "").statusCode());
        assertEquals(404, send("GET", SERVICE, "").statusCode());
        assertEquals(404, send("DELETE", SERVICE, "").statusCode());
    }

    @Test
    void ownersDoNotOverwriteEachOther() throws Exception {
        send("PUT", SERVICE, "{\"owner\":\"x\",\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":1}]}");
        send("PUT", SERVICE, "{\"owner\":\"y\",\"backends\":[{\"ip\":\"10.0.0.2\",\"port\":1}]}");
        assertEquals(2, json(send("GET", SERVICE, "")).at("/backend").size());
        HttpResponse<String> nobody = send("DELETE", SERVICE, "");
        assertTrue(nobody.body().contains("those who did: x, y"), nobody::body);
        assertEquals(204, send("DELETE", SERVICE + "?owner=x", "").statusCode());
        assertEquals(
                "10.0.0.2", json(send("GET", SERVICE, "")).at("/backend/0/ip").asText());
        assertEquals(
                0,
                running.problems().entries().size(),
                () -> running.problems().entries().toString());
    }

    @Test
    void whatWasPutOutlivesTheProcess() throws Exception {
        send("PUT", SERVICE, ONE);
        long hash = journal.state().hash();
        running.close();
        running = start();
        HttpResponse<String> same = send("PUT", SERVICE, ONE);
        assertEquals(200, same.statusCode(), same::body);
        assertEquals(hash, journal.state().hash());
        assertEquals(204, send("DELETE", SERVICE, "").statusCode());
    }

    /** A task id before "api" in the alphabet would win otherwise, and the table would forget what was put. */
    @Test
    void whatWasPutCountsBesideASourceThatSaysTheSameAddress() throws Exception {
        say("db.marathon:5432", "10.0.0.5:5432");
        send("PUT", SERVICE, ONE);
        running.close();
        running = start();
        say("other.marathon:1", "10.0.0.6:1");
        JsonNode backend = json(send("GET", SERVICE, "")).at("/backend");
        assertEquals(1, backend.size(), backend::toString);
        assertEquals("10.0.0.5", backend.at("/0/ip").asText());
        assertEquals("api", backend.at("/0/source").asText());
    }

    /** All that the source says. */
    private void say(String service, String backend) throws Exception {
        ServiceKey key = ServicePath.parse(service, Optional.empty());
        DeclarationBuilder out = new DeclarationBuilder();
        out.declare(key, new Origin("a", "marathon", "/a", "label"));
        out.add(key, new Backend(Endpoint.parse(backend), Optional.empty(), 1, Health.HEALTHY, "", "", "a task", "a"));
        running.allocator().accept(SourceUpdate.whole("a", true, Map.of("all", out.build()), System.nanoTime()));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (journal.state().service(key).isEmpty()) {
            assertTrue(System.nanoTime() < deadline, "not in the table");
            Thread.onSpinWait();
        }
    }

    @Test
    void oneAddressHasOneOwner() throws Exception {
        send("PUT", SERVICE, "{\"owner\":\"x\",\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":1}]}");
        HttpResponse<String> second =
                send("PUT", SERVICE, "{\"owner\":\"y\",\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":1}]}");
        assertEquals(409, second.statusCode(), second::body);
        assertTrue(second.body().contains("10.0.0.1:1 was put by 'x'"), second::body);
    }

    @Test
    void aLeaseThatIsNotRenewedEnds() throws Exception {
        HttpResponse<String> leased =
                send("PUT", SERVICE, "{\"ttl\":\"1s\",\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":1}]}");
        assertEquals(201, leased.statusCode(), leased::body);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (send("GET", SERVICE, "").statusCode() != 404) {
            assertTrue(System.nanoTime() < deadline, "still there");
            Thread.onSpinWait();
        }
    }

    @Test
    void whatCannotBeIsRefusedAndForgotten() throws Exception {
        HttpResponse<String> refused = send("PUT", "/v1/services/127.0.0.1:80", ONE);
        assertEquals(409, refused.statusCode(), refused::body);
        assertTrue(refused.body().contains("loopback"), refused::body);
        assertEquals(404, send("DELETE", "/v1/services/127.0.0.1:80", "").statusCode());
        HttpResponse<String> wrong = send("PUT", SERVICE, "{\"backends\":[{\"ip\":\"10.0.0.5\"}]}");
        assertEquals(400, wrong.statusCode());
        assertEquals("backends[0].port", json(wrong).at("/field").asText());
        running.leader().set(false);
        assertEquals(503, send("PUT", SERVICE, ONE).statusCode());
    }

    @Test
    void reportsAreExplained() throws Exception {
        send("PUT", SERVICE, ONE);
        JsonNode lines = json(send("GET", "/v1/explain/db.marathon", ""));
        assertEquals("10.0.0.5:5432", lines.at("/0/address").asText(), lines::toString);
        assertEquals("healthy", lines.at("/0/reason").asText());
        assertTrue(lines.at("/0/backend").asBoolean());
        assertEquals("[]", json(send("GET", "/v1/explain/other", "")).toString());
    }

    @Test
    void sourcesAreFrozenThawedAndForgotten() throws Exception {
        assertEquals(400, send("POST", "/v1/sources/freeze", "").statusCode());
        assertEquals(404, send("POST", "/v1/sources/freeze?id=x", "").statusCode());
        assertEquals(200, send("POST", "/v1/sources/freeze?id=a", "").statusCode());
        assertTrue(json(send("GET", "/v1/sources", "")).at("/0/frozen").asBoolean());
        assertEquals(200, send("POST", "/v1/sources/thaw?id=a", "").statusCode());
        assertEquals(200, send("POST", "/v1/sources/forget?id=a", "").statusCode());
        assertEquals(
                "connecting",
                json(send("GET", "/v1/sources", "")).at("/0/status").asText());
    }
}
