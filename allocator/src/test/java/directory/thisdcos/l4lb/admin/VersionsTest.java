package directory.thisdcos.l4lb.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.allocator.AllocatorSettings;
import directory.thisdcos.l4lb.allocator.DangerousAddresses;
import directory.thisdcos.l4lb.allocator.FlapSettings;
import directory.thisdcos.l4lb.allocator.MemoryJournal;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.source.SourceUpdate;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who says which version he has seen does not undo what another did meanwhile. */
final class VersionsTest {
    private static final String DB = "/v1/services/db.api:5432";
    private static final String DRAIN = "/v1/drains/backend/10.0.0.5:80";

    private final HttpClient client = HttpClient.newHttpClient();
    private final RunningAllocator running = new RunningAllocator(
            RunningAllocator.LOOPBACK,
            new AllocatorSettings(
                    Pools.DEFAULT,
                    Duration.ofHours(1),
                    Set.of("a"),
                    Duration.ofMinutes(10),
                    FlapSettings.DEFAULT,
                    new DangerousAddresses(Map.of())),
            new MemoryJournal());

    VersionsTest() throws IOException {
        running.leader().set(true);
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(running.uri().resolve(path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private HttpResponse<String> send(int status, String method, String path, String body, String... headers)
            throws Exception {
        HttpResponse<String> response =
                client.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
        assertEquals(status, response.statusCode(), response::body);
        return response;
    }

    private static String tag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElseThrow();
    }

    @Test
    void aDrainIsEndedOnlyAsItWasSeen() throws Exception {
        send(404, "GET", DRAIN, "");
        send(412, "PUT", DRAIN, "", "If-Match", "*");
        String first = tag(send(201, "PUT", DRAIN, "{\"reason\":\"disk\"}", "If-None-Match", "*"));
        assertEquals(first, tag(send(200, "GET", DRAIN, "")));
        send(412, "PUT", DRAIN, "{\"reason\":\"fan\"}", "If-None-Match", "*");
        String second = tag(send(200, "PUT", DRAIN, "{\"reason\":\"fan\"}", "If-Match", first));
        assertNotEquals(first, second);
        send(412, "PUT", DRAIN, "", "If-Match", first);
        send(412, "DELETE", DRAIN, "", "If-Match", first);
        send(204, "DELETE", DRAIN, "", "If-Match", "W/" + second);
        send(412, "DELETE", DRAIN, "", "If-Match", second);
        send(404, "DELETE", DRAIN, "");
    }

    /** How often each status was answered. */
    private Map<Integer, Long> eightAtOnce(HttpRequest request) {
        var sent = IntStream.range(0, 8)
                .mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                .toList();
        return sent.stream()
                .collect(Collectors.groupingBy(answer -> answer.join().statusCode(), Collectors.counting()));
    }

    @Test
    void ofTwoWithTheSameVersionOneIsRefused() throws Exception {
        HttpRequest put = request("PUT", DRAIN, "", "If-None-Match", "*");
        assertEquals(Map.of(201, 1L, 412, 7L), eightAtOnce(put));
    }

    @Test
    void aSourceIsFrozenOnlyAsTheListWasSeen() throws Exception {
        running.allocator().accept(SourceUpdate.whole("a", true, Map.of(), System.nanoTime()));
        String seen = tag(send(200, "GET", "/v1/sources", ""));
        assertEquals(seen, tag(send(200, "GET", "/v1/sources", "")), "what changes by itself is no new version");
        String frozen = tag(send(200, "POST", "/v1/sources/freeze?id=a", "", "If-Match", seen));
        assertNotEquals(seen, frozen);
        send(412, "POST", "/v1/sources/thaw?id=a", "", "If-Match", seen);
        assertEquals(seen, tag(send(200, "POST", "/v1/sources/thaw?id=a", "", "If-Match", frozen)));
    }

    /** Each adds one to a weight that it has read: a change that slips in between would be lost. */
    @Test
    void ofManyWhoChangeAServiceAtOnceNoneUndoesAnother() throws Exception {
        send(201, "PUT", DB, weight(0));
        List<CompletableFuture<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(CompletableFuture.supplyAsync(() -> {
                int done = 0;
                for (int tries = 0; tries < 40; tries++) {
                    done += addOne() ? 1 : 0;
                }
                return done;
            }));
        }
        int done = writers.stream().mapToInt(CompletableFuture::join).sum();
        assertEquals(weight(done), weight(weightOf(send(200, "GET", DB, "").body())), "each success is seen");
        assertTrue(done >= 40, done + " of 160 had seen the newest version");
    }

    private static String weight(int weight) {
        return "{\"backends\":[{\"ip\":\"10.0.0.5\",\"port\":5432,\"weight\":" + weight + "}]}";
    }

    private static int weightOf(String service) {
        Matcher weight = Pattern.compile("\"weight\":([0-9]+)").matcher(service);
        assertTrue(weight.find(), service);
        return Integer.parseInt(weight.group(1));
    }

    private boolean addOne() {
        try {
            HttpResponse<String> seen = send(200, "GET", DB, "");
            int status = client.send(
                            request("PUT", DB, weight(weightOf(seen.body()) + 1), "If-Match", tag(seen)),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
            assertTrue(status == 200 || status == 412, status + "");
            return status == 200;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void ofRestoresOverTheSameTableOneIsDone() throws Exception {
        send(201, "PUT", "/v1/allocations/kept.api", "{\"address\":\"11.0.0.7\"}");
        HttpResponse<String> backup = send(200, "GET", "/v1/table", "");
        send(201, "PUT", "/v1/allocations/other.api", "{\"address\":\"11.0.0.8\"}");
        String seen = tag(send(200, "GET", "/v1/table", ""));
        HttpRequest put = request("PUT", "/v1/table?replace=true", backup.body(), "If-Match", seen);
        assertEquals(1, eightAtOnce(put).getOrDefault(200, 0L));
    }

    @Test
    void aTableIsRestoredOnlyOverTheOneThatWasSeen() throws Exception {
        send(201, "PUT", "/v1/allocations/kept.api", "{\"address\":\"11.0.0.7\"}");
        HttpResponse<String> backup = send(200, "GET", "/v1/table", "");
        send(200, "PUT", "/v1/table", backup.body(), "If-Match", tag(backup));
        send(201, "PUT", "/v1/allocations/other.api", "{\"address\":\"11.0.0.8\"}");
        send(412, "PUT", "/v1/table?replace=true", backup.body(), "If-Match", tag(backup));
        send(200, "GET", "/v1/allocations/other.api", "");
        send(200, "PUT", "/v1/table?replace=true", backup.body());
    }
}
