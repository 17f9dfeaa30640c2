package directory.thisdcos.l4lb.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.model.Allocation;
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
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AdminServerTest {
    private static final Endpoint LOOPBACK = Endpoint.parse("127.0.0.1:0");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
    private final List<String> missing = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile State table = State.EMPTY;
    private final AdminServer server = new AdminServer(LOOPBACK, view(), registry);

    private AdminView view() {
        return new AdminView(
                () -> table,
                problems,
                () -> missing,
                () -> new AdminView.DataPlane("plan", "data plane off: a test", () -> "-A -t 3.3.0.6:3306 -s wlc\n"),
                Optional::empty,
                Optional::empty,
                "1.2.3");
    }

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + server.listening() + path))
                .GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertEquals(
                "application/json",
                response.headers().firstValue("content-type").orElse(""),
                path);
        return new ObjectMapper().readTree(response.body());
    }

    private static ServiceName name(String prefix) {
        return new ServiceName(prefix + "." + ServiceName.ZONE);
    }

    private static ServiceSpec spec(String... labels) {
        List<Origin> origins = new ArrayList<>();
        for (String label : labels) {
            origins.add(new Origin("apps:/x", "marathon", "/app", label));
        }
        return new ServiceSpec(Scheduler.WLC, origins, 1_000);
    }

    private void fill() {
        ServiceKey named = new ServiceKey(name("foo.marathon"), Protocol.TCP, 5000);
        ServiceKey fixed = new ServiceKey(new FixedAddress(Ip.of("fd01::1")), Protocol.UDP, 53);
        table = State.EMPTY.fold(List.of(
                new Change.AllocationPut(new Allocation(
                        name("foo.marathon"),
                        Ip.of("11.0.0.1"),
                        Optional.of(Ip.of("fd01:c::1")),
                        Allocation.Status.ALLOCATED,
                        2_000,
                        "/app")),
                new Change.AllocationPut(new Allocation(
                        name("gone.marathon"),
                        Ip.of("11.0.0.2"),
                        Optional.empty(),
                        Allocation.Status.QUARANTINED,
                        3_000,
                        "/old")),
                new Change.ServicePut(named, spec("/foo:5000", "/f/oo:5000")),
                new Change.BackendPut(
                        named,
                        new Backend(
                                Endpoint.parse("10.0.0.1:1234"),
                                Optional.of(Endpoint.parse("172.17.0.2:80")),
                                1,
                                Health.HEALTHY,
                                "10.0.0.1",
                                "web",
                                "foo.1",
                                "apps:/x")),
                new Change.ServicePut(fixed, spec("[fd01::1]:53"))));
    }

    @Test
    void vipsHaveTheShapeOfDcosNetAndMore() throws Exception {
        assertEquals("[]", json("/v1/vips").toString());
        fill();
        JsonNode named = json("/v1/vips").get(0);
        assertEquals(
                "foo.marathon." + ServiceName.ZONE + ":5000", named.get("vip").asText());
        assertEquals("tcp", named.get("protocol").asText());
        assertEquals("10.0.0.1", named.at("/backend/0/ip").asText());
        assertEquals(1234, named.at("/backend/0/port").intValue());
        assertEquals(1, named.at("/backend/0/weight").intValue());
        assertEquals("healthy", named.at("/backend/0/health").asText());
        assertEquals("172.17.0.2:80", named.at("/backend/0/container").asText());
        assertEquals("11.0.0.1", named.get("address").asText());
        assertEquals("fd01:c::1", named.get("address6").asText());
        assertEquals("1970-01-01T00:00:01Z", named.get("since").asText());
        assertTrue(named.get("collision").asBoolean());
        JsonNode fixed = json("/v1/vips").get(1);
        assertEquals("fd01::1:53", fixed.get("vip").asText(), "as dcos-net writes IPv6, without brackets");
        assertTrue(fixed.get("address").isNull());
        assertEquals("fd01::1", fixed.get("address6").asText());
        assertEquals(0, fixed.get("backend").size());
    }

    @Test
    void anUnchangedTableNeedNotBeSentAgain() throws Exception {
        fill();
        String etag = get("/v1/vips").headers().firstValue("etag").orElseThrow();
        HttpResponse<String> again = get("/v1/vips", "If-None-Match", etag);
        assertEquals(304, again.statusCode());
        assertEquals("", again.body());
        table = State.EMPTY;
        assertEquals(200, get("/v1/vips", "If-None-Match", etag).statusCode());
    }

    @Test
    void allocationsComeInPages() throws Exception {
        fill();
        JsonNode all = json("/v1/allocations");
        assertEquals(2, all.size());
        assertEquals("foo.marathon." + ServiceName.ZONE, all.at("/0/name").asText());
        assertEquals("allocated", all.at("/0/state").asText());
        assertEquals("/app", all.at("/0/owner").asText());
        assertTrue(all.at("/1/address6").isNull());
        assertEquals("quarantined", all.at("/1/state").asText());
        assertEquals(1, json("/v1/allocations?limit=1").size());
        JsonNode rest = json("/v1/allocations?limit=100000&after=foo.marathon." + ServiceName.ZONE);
        assertEquals("gone.marathon." + ServiceName.ZONE, rest.at("/0/name").asText());
        assertEquals(
                "2",
                get("/v1/allocations?limit=1")
                        .headers()
                        .firstValue("x-total-count")
                        .orElse(""));
    }

    @Test
    void wrongRequestsNameTheFieldAndTheFix() throws Exception {
        for (String limit : List.of("0", "100001", "ten", "-1", "")) {
            HttpResponse<String> response = get("/v1/allocations?limit=" + limit);
            assertEquals(400, response.statusCode(), limit);
            assertEquals(
                    "application/problem+json",
                    response.headers().firstValue("content-type").orElse(""));
            assertTrue(response.body().contains("\"field\":\"limit\""), response.body());
        }
        HttpResponse<String> unknown = get("/v1/nothing");
        assertEquals(404, unknown.statusCode());
        assertTrue(unknown.body().contains("\"title\":\"no such path\""), unknown.body());
    }

    @Test
    void readinessSaysWhatIsMissing() throws Exception {
        assertEquals(200, get("/readyz").statusCode());
        missing.add("no table yet");
        HttpResponse<String> response = get("/readyz");
        assertEquals(503, response.statusCode());
        assertTrue(response.body().contains("no table yet"), response.body());
        assertEquals(200, get("/healthz").statusCode(), "alive is not ready");
    }

    /** An empty list would look like a cluster without nodes. */
    @Test
    void aProcessThatKnowsNoNodesSaysWhoDoes() throws Exception {
        for (String path : List.of("/v1/nodes", "/v1/reachability")) {
            HttpResponse<String> response = get(path);
            assertEquals(404, response.statusCode(), path);
            assertTrue(response.body().contains("l4lb allocator"), response.body());
        }
    }

    @Test
    void problemsSourcesPlanVersionAndMetrics() throws Exception {
        problems.report("apps:/x", List.of(new Problem("invalid-label", "x.json: /app", "no port; write NAME:PORT")));
        assertEquals(
                "no port; write NAME:PORT",
                json("/v1/problems").at("/0/message").asText());
        assertEquals("[]", json("/v1/sources").toString());
        assertEquals("plan", json("/v1/ipvs").get("mode").asText());
        assertEquals("-A -t 3.3.0.6:3306 -s wlc\n", get("/v1/ipvs/plan").body());
        assertEquals("-A -t 3.3.0.6:3306 -s wlc\n", get("/v1/ipvs/pending").body());
        assertEquals(0, json("/v1/ipvs/services?of=web.marathon").size());
        assertEquals("1.2.3", json("/v1/version").get("Version").asText());
        assertTrue(get("/metrics").body().contains("l4lb_problems{kind=\"invalid-label\"} 1.0"));
        problems.report("apps:/x", List.of());
        assertFalse(json("/v1/problems").has(0));
    }

    @Test
    void aPortInUseIsNamed() {
        AdminServer second = new AdminServer(server.listening(), view(), new PrometheusRegistry());
        String message =
                String.valueOf(assertThrows(IOException.class, second::start).getMessage());
        assertTrue(message.contains(server.listening().toString()) && message.contains("--admin-listen"), message);
    }
}
