package directory.thisdcos.l4lb.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.allocator.AllocatorSettings;
import directory.thisdcos.l4lb.allocator.DangerousAddresses;
import directory.thisdcos.l4lb.allocator.FlapSettings;
import directory.thisdcos.l4lb.allocator.MemoryJournal;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an operator does with addresses, over HTTP up to the journal. */
final class AllocationRoutesTest {
    private static final String DB = "/v1/allocations/db.marathon";
    private static final String SERVICE = "/v1/services/db.marathon:5432";
    private static final Pools POOLS = new Pools(
            List.of(
                    Pool.of("all", IpRange.parse("11.0.0.0/24"))
                            .withReserved(List.of(IpRange.parse("11.0.0.0-11.0.0.15"))),
                    Pool.of("kafka", IpRange.parse("12.0.0.0-12.0.0.1")).withSuffixes(List.of("kafka")),
                    Pool.of("six", IpRange.parse("fd01:c::/64"))),
            List.of(IpRange.parse("3.3.0.0/16")));

    private final MemoryJournal journal = new MemoryJournal();
    private final HttpClient client = HttpClient.newHttpClient();
    private final RunningAllocator running = new RunningAllocator(
            RunningAllocator.LOOPBACK,
            new AllocatorSettings(
                    POOLS,
                    Duration.ofHours(1),
                    Set.of("a"),
                    Duration.ofMinutes(10),
                    FlapSettings.DEFAULT,
                    new DangerousAddresses(Map.of(Ip.of("11.0.0.3"), "the gateway"))),
            journal);

    AllocationRoutesTest() throws IOException {
        running.leader().set(true);
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(running.uri().resolve(path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(HttpResponse<String> response) throws Exception {
        return new ObjectMapper().readTree(response.body());
    }

    private JsonNode ok(int status, HttpResponse<String> response) throws Exception {
        assertEquals(status, response.statusCode(), response::body);
        return json(response);
    }

    private void refused(int status, String field, String reason, HttpResponse<String> response) throws Exception {
        assertEquals(status, response.statusCode(), response::body);
        assertEquals(
                "application/problem+json",
                response.headers().firstValue("content-type").orElse(""));
        assertEquals(field, json(response).at("/field").asText(), response::body);
        assertTrue(json(response).at("/detail").asText().contains(reason), response::body);
    }

    private static String tag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElseThrow();
    }

    @Test
    void aNameIsReservedWithoutAServiceAndReleased() throws Exception {
        JsonNode reserved = ok(201, send("PUT", DB, ""));
        String address = reserved.at("/address").asText();
        assertTrue(POOLS.list().get(0).mayAllocate(Ip.of(address)), address);
        assertTrue(reserved.at("/reserved").asBoolean());
        assertEquals("operator", reserved.at("/owner").asText());
        long seq = journal.state().seq();
        assertEquals(reserved, ok(200, send("PUT", DB, "{\"owner\":\"other\"}")));
        assertEquals(seq, journal.state().seq(), "reserving again writes nothing");
        assertEquals(reserved, ok(200, send("GET", DB + ".l4lb.thisdcos.directory", "")));
        assertEquals(
                1,
                ok(200, send("GET", "/v1/allocations?state=reserved&pool=all", ""))
                        .size());

        ok(201, send("PUT", SERVICE, "{\"backends\":[{\"ip\":\"10.0.0.5\",\"port\":5432}]}"));
        assertEquals(address, ok(200, send("GET", SERVICE, "")).at("/address").asText());
        assertEquals("allocated", ok(200, send("DELETE", DB, "")).at("/state").asText(), "it is declared");
        refused(409, "name", "declared by api", send("DELETE", DB, ""));
        assertEquals(204, send("DELETE", SERVICE, "").statusCode());
        assertEquals("quarantined", ok(200, send("GET", DB, "")).at("/state").asText());
    }

    @Test
    void aReleasedNameIsQuarantinedUntilThatIsEnded() throws Exception {
        ok(201, send("PUT", DB, "{\"address\":\"11.0.0.20\"}"));
        assertEquals("quarantined", ok(200, send("DELETE", DB, "")).at("/state").asText());
        assertEquals("quarantined", ok(200, send("DELETE", DB, "")).at("/state").asText(), "asked again");
        refused(
                409,
                "address",
                "db.marathon.l4lb.thisdcos.directory had 11.0.0.20",
                send("PUT", "/v1/allocations/x.marathon", "{\"address\":\"11.0.0.20\"}"));
        assertEquals(204, send("DELETE", "/v1/quarantine/db.marathon", "").statusCode());
        refused(404, "name", "has no address", send("GET", DB, ""));
        refused(404, "name", "has no address", send("DELETE", "/v1/quarantine/db.marathon", ""));
        refused(404, "name", "has no address", send("DELETE", DB, ""));
        ok(201, send("PUT", "/v1/allocations/x.marathon", "{\"address\":\"11.0.0.20\"}"));
        refused(409, "name", "is in use", send("DELETE", "/v1/quarantine/x.marathon", ""));
    }

    @Test
    void movingNeedsToKnowWhatIsMovedAndQuarantinesTheOldAddress() throws Exception {
        ok(201, send("PUT", DB, "{\"address\":\"11.0.0.20\"}"));
        String move = "{\"address\":\"11.0.0.21\",\"address6\":\"fd01:c::21\"}";
        refused(428, "If-Match", "moving it cuts off", send("PUT", DB, move));
        refused(412, "If-Match", "read it again", send("PUT", DB, move, "If-Match", "\"0\""));
        String tag = tag(send("GET", DB, ""));
        JsonNode moved = ok(200, send("PUT", DB, move, "If-Match", "\"1\", " + tag));
        assertEquals("11.0.0.21", moved.at("/address").asText());
        assertEquals("11.0.0.20", moved.at("/former/0/address").asText());
        assertEquals(moved, ok(200, send("PUT", DB, move, "If-Match", tag)), "carried out twice it is the same");
        refused(
                409,
                "address",
                "quarantine is not over",
                send("PUT", "/v1/allocations/x.marathon", "{\"address\":\"11.0.0.20\"}"));
        JsonNode pool = ok(200, send("GET", "/v1/pools", "")).at("/pools/0");
        assertEquals(1, pool.at("/allocated").asInt());
        assertEquals(1, pool.at("/quarantined").asInt());
        refused(412, "If-Match", "read it again", send("DELETE", DB, "", "If-Match", tag));
        assertEquals(204, send("DELETE", "/v1/quarantine/db.marathon", "").statusCode());
        ok(201, send("PUT", "/v1/allocations/x.marathon", "{\"address\":\"11.0.0.20\"}"));
    }

    @Test
    void anAddressThatCannotBeIsRefusedWithTheReason() throws Exception {
        ok(201, send("PUT", DB, "{\"address\":\"11.0.0.2\"}"));
        ok(201, send("PUT", "/v1/services/3.3.0.6:80", "{\"backends\":[]}"));
        ok(201, send("PUT", "/v1/services/11.0.0.7:80", "{\"backends\":[]}"));
        String x = "/v1/allocations/x.marathon";
        refused(409, "address", "has 11.0.0.2", send("PUT", x, "{\"address\":\"11.0.0.2\"}"));
        refused(409, "address", "a fixed VIP claims", send("PUT", x, "{\"address\":\"11.0.0.7\"}"));
        refused(409, "address", "is in no pool", send("PUT", x, "{\"address\":\"10.0.0.7\"}"));
        refused(409, "address", "the gateway", send("PUT", x, "{\"address\":\"11.0.0.3\"}"));
        refused(409, "address", "family V4", send("PUT", x, "{\"address\":\"fd01:c::1\"}"));
        refused(409, "address6", "family V6", send("PUT", x, "{\"address6\":\"11.0.0.9\"}"));
        refused(400, "address", "no IP address", send("PUT", x, "{\"address\":\"eleven\"}"));
        refused(400, "adress", "unknown field", send("PUT", x, "{\"adress\":\"11.0.0.9\"}"));
        refused(400, "", "no JSON", send("PUT", x, "{"));
        refused(400, "name", "no framework", send("PUT", "/v1/allocations/x", ""));
        for (int i = 0; i < 2; i++) {
            ok(201, send("PUT", "/v1/allocations/b" + i + ".kafka", ""));
        }
        refused(409, "name", "no address is free in its pools", send("PUT", "/v1/allocations/b2.kafka", ""));
        JsonNode claims = ok(200, send("GET", "/v1/claims", ""));
        assertEquals("11.0.0.7:80", claims.at("/0/vip").asText());
        assertEquals("3.3.0.6:80", claims.at("/1/vip").asText());
        assertEquals("claimed", claims.at("/1/state").asText());
        running.leader().set(false);
        assertEquals(503, send("PUT", DB, "").statusCode());
    }

    @Test
    void manyAreReservedTogetherOrNotAtAll() throws Exception {
        String three = "{\"owner\":\"import\",\"allocations\":[{\"name\":\"a.marathon\",\"address\":\"11.0.0.20\"},"
                + "{\"name\":\"b.marathon\",\"address\":\"11.0.0.21\",\"address6\":\"fd01:c::21\"},"
                + "{\"name\":\"c.marathon\",\"address\":\"%s\"}]}";
        HttpResponse<String> twice = send("POST", "/v1/allocations", three.formatted("11.0.0.21"));
        long seq = journal.state().seq();
        assertEquals(409, twice.statusCode());
        assertEquals(
                "c.marathon.l4lb.thisdcos.directory",
                json(twice).at("/conflicts/0/name").asText());
        assertTrue(
                json(twice)
                        .at("/conflicts/0/reason")
                        .asText()
                        .contains("b.marathon.l4lb.thisdcos.directory has 11.0.0.21"),
                twice::body);
        JsonNode plan = ok(200, send("POST", "/v1/allocations?plan=true", three.formatted("11.0.0.22")));
        assertEquals(3, plan.at("/reserved").asInt());
        assertEquals(seq, journal.state().seq(), "nothing was written");
        assertEquals(
                3,
                ok(200, send("POST", "/v1/allocations", three.formatted("11.0.0.22")))
                        .at("/reserved")
                        .asInt());
        JsonNode again = ok(200, send("POST", "/v1/allocations", three.formatted("11.0.0.22")));
        assertEquals(0, again.at("/reserved").asInt());
        assertEquals(3, again.at("/already").asInt());
        assertEquals(
                "import",
                ok(200, send("GET", "/v1/allocations/b.marathon", ""))
                        .at("/owner")
                        .asText());
        refused(
                400,
                "allocations[0].name",
                "give a name",
                send("POST", "/v1/allocations", "{\"allocations\":[{\"address\":\"11.0.0.9\"}]}"));
    }

    @Test
    void whatManyNamesHadAndHaveIsLogged() throws Exception {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger audit = (Logger) LoggerFactory.getLogger("directory.thisdcos.l4lb.audit");
        logged.start();
        audit.addAppender(logged);
        try {
            ok(201, send("PUT", "/v1/allocations/a.marathon", "{\"address\":\"11.0.0.20\"}"));
            ok(
                    200,
                    send(
                            "POST",
                            "/v1/allocations",
                            "{\"allocations\":[{\"name\":\"a.marathon\",\"address\":\"11.0.0.20\"},"
                                    + "{\"name\":\"b.marathon\",\"address\":\"11.0.0.21\"}]}"));
            String table = send("GET", "/v1/table", "").body();
            ok(200, send("PUT", "/v1/table?replace=true", table));
        } finally {
            audit.detachAppender(logged);
        }
        List<String> lines =
                logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertEquals(3, lines.size(), lines.toString());
        String many = lines.get(1);
        int after = many.indexOf(" after=");
        assertTrue(many.contains("before=[{\"name\":\"a.marathon") && many.indexOf("11.0.0.20") < after, many);
        assertTrue(many.indexOf("b.marathon") > after && many.indexOf("11.0.0.21") > after, many);
        String restored = lines.get(2);
        assertTrue(restored.matches(".*before=\\{\"seq\":.*\"names\":2.* after=\\{\"seq\":.*\"names\":2.*"), restored);
    }

    @Test
    void listsAreFilteredAndPaged() throws Exception {
        for (String name : List.of("a.marathon", "b.marathon", "c.kafka")) {
            ok(201, send("PUT", "/v1/allocations/" + name, ""));
        }
        send("DELETE", "/v1/allocations/a.marathon", "");
        assertEquals(
                "a.marathon.l4lb.thisdcos.directory",
                ok(200, send("GET", "/v1/allocations?state=quarantined", ""))
                        .at("/0/name")
                        .asText());
        assertEquals(
                "c.kafka.l4lb.thisdcos.directory",
                ok(200, send("GET", "/v1/allocations?pool=kafka", ""))
                        .at("/0/name")
                        .asText());
        HttpResponse<String> page = send("GET", "/v1/allocations?limit=1&after=a.marathon.l4lb.thisdcos.directory", "");
        assertEquals("3", page.headers().firstValue("X-Total-Count").orElse(""));
        assertEquals(
                "b.marathon.l4lb.thisdcos.directory", json(page).at("/0/name").asText());
        refused(400, "state", "allocated, quarantined", send("GET", "/v1/allocations?state=x", ""));
        refused(400, "pool", "there is no pool x", send("GET", "/v1/allocations?pool=x", ""));
        JsonNode pools = ok(200, send("GET", "/v1/pools", ""));
        assertEquals("kafka", pools.at("/pools/1/suffixes/0").asText());
        assertEquals("240", pools.at("/pools/0/size").asText());
        assertEquals("3.3.0.0-3.3.255.255", pools.at("/claimable/0").asText());
    }

    @Test
    void aTableIsBackedUpAndRestored() throws Exception {
        ok(201, send("PUT", DB, "{\"address\":\"11.0.0.20\"}"));
        ok(201, send("PUT", SERVICE, "{\"backends\":[{\"ip\":\"10.0.0.5\",\"port\":5432}]}"));
        String backup = send("GET", "/v1/table", "").body();
        long hash = journal.state().hash();
        ok(201, send("PUT", "/v1/allocations/other.marathon", "{\"address\":\"11.0.0.30\"}"));
        assertEquals(204, send("DELETE", SERVICE, "").statusCode());
        String tag = tag(send("GET", DB, ""));
        ok(200, send("PUT", DB, "{\"address\":\"11.0.0.21\"}", "If-Match", tag));
        refused(409, "replace", "--replace", send("PUT", "/v1/table", backup));
        refused(400, "", "line 1", send("PUT", "/v1/table?replace=true", "nonsense"));
        ok(200, send("PUT", "/v1/table?replace=true", backup));
        assertEquals("11.0.0.20", ok(200, send("GET", DB, "")).at("/address").asText());
        assertEquals(
                "10.0.0.5",
                ok(200, send("GET", SERVICE, "")).at("/backend/0/ip").asText());
        assertEquals(
                "quarantined",
                ok(200, send("GET", "/v1/allocations/other.marathon", ""))
                        .at("/state")
                        .asText());
        assertEquals(204, send("DELETE", "/v1/quarantine/other.marathon", "").statusCode());
        assertEquals(hash, journal.state().hash(), "all is as it was");
        assertEquals(204, send("DELETE", SERVICE, "").statusCode(), "and the API still knows what is its own");
    }
}
