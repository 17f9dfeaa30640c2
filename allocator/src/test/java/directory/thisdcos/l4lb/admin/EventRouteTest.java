package directory.thisdcos.l4lb.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lists in parts, and what follows them. */
@Timeout(60)
final class EventRouteTest {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile State table = State.EMPTY;
    private final AdminServer server = new AdminServer(
            Endpoint.parse("127.0.0.1:0"),
            new AdminView(
                    () -> table,
                    new ProblemBoard(registry, InstantSource.system()),
                    List::of,
                    () -> new AdminView.DataPlane("off", "a test", () -> ""),
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

    private static ServiceKey key(int port) {
        return new ServiceKey(new FixedAddress(Ip.of("3.3.0.6")), Protocol.TCP, port);
    }

    private void change(Change... changes) {
        table = table.fold(List.of(changes));
    }

    private static Change declared(int port, String framework) {
        Origin origin = new Origin("apps:/x", framework, "/owner-" + port, "");
        return new Change.ServicePut(key(port), new ServiceSpec(Scheduler.WLC, List.of(origin), 1_000));
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + server.listening() + path))
                .header("Accept", path.equals("/v1/events") ? "text/event-stream" : "application/json")
                .build();
    }

    /** Name and data of the next event; comments are passed over. */
    private static List<String> next(BufferedReader lines) throws IOException {
        List<String> event = new ArrayList<>(List.of("", ""));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("event: ")) {
                event.set(0, line.substring(7));
            } else if (line.startsWith("data: ")) {
                event.set(1, event.get(1) + line.substring(6));
            } else if (line.isEmpty() && !event.get(0).isEmpty()) {
                return event;
            }
        }
        throw new AssertionError("the stream ended");
    }

    /** What was open then made its thread fail, and log that, without an end. */
    @Test
    void streamsEndWithTheServer() throws Exception {
        HttpResponse<java.io.InputStream> stream =
                client.send(request("/v1/events"), HttpResponse.BodyHandlers.ofInputStream());
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
        assertEquals("table", next(lines).get(0));
        server.close();
        change(declared(1, "marathon"));
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("admin-events"))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void eachChangeIsAnEvent() throws Exception {
        change(declared(1, "marathon"));
        HttpResponse<java.io.InputStream> stream =
                client.send(request("/v1/events"), HttpResponse.BodyHandlers.ofInputStream());
        assertTrue(
                stream.headers().firstValue("content-type").orElse("").startsWith("text/event-stream"),
                stream.headers().toString());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertEquals("table", next(lines).get(0), "what was there before is no change");
            change(declared(2, "marathon"));
            assertEvent("new", "3.3.0.6:2", next(lines));
            Backend backend = new Backend(
                    Endpoint.parse("10.0.0.1:1"), Optional.empty(), 1, Health.HEALTHY, "", "", "", "apps:/x");
            change(new Change.BackendPut(key(2), backend));
            assertEvent("changed", "3.3.0.6:2", next(lines));
            change(new Change.ServiceRemoved(key(1)));
            assertEvent("gone", "3.3.0.6:1", next(lines));
        }
    }

    private static void assertEvent(String change, String vip, List<String> event) throws IOException {
        assertEquals("service", event.get(0));
        JsonNode data = new ObjectMapper().readTree(event.get(1));
        assertEquals(change, data.path("change").asText(), event.get(1));
        assertEquals(vip, data.at("/service/vip").asText(), event.get(1));
    }

    @Test
    void listsComeInPartsThatLinkToTheNext() throws Exception {
        for (int port = 1; port <= 5; port++) {
            change(declared(port, port == 5 ? "kafka" : "marathon"));
        }
        List<String> seen = new ArrayList<>();
        String path = "/v1/services?framework=marathon&limit=3";
        while (!path.isEmpty()) {
            HttpResponse<String> part = client.send(request(path), HttpResponse.BodyHandlers.ofString());
            assertEquals("4", part.headers().firstValue("x-total-count").orElse(""), path);
            new ObjectMapper()
                    .readTree(part.body())
                    .forEach(service -> seen.add(service.path("vip").asText()));
            path = part.headers()
                    .firstValue("link")
                    .map(link -> link.replaceAll("<(.*)>.*", "$1"))
                    .orElse("");
        }
        assertEquals(List.of("3.3.0.6:1", "3.3.0.6:2", "3.3.0.6:3", "3.3.0.6:4"), seen);
        String found = client.send(request("/v1/services?text=owner-5"), HttpResponse.BodyHandlers.ofString())
                .body();
        assertEquals(1, new ObjectMapper().readTree(found).size(), found);
    }
}
