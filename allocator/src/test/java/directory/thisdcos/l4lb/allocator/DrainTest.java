package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Drain;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.source.api.ServiceDocument;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of the table when operators drain agents and backends, and end that. */
final class DrainTest {
    private static final Endpoint ONE = Endpoint.parse("10.0.0.1:8080");
    private static final Endpoint TWO = Endpoint.parse("10.0.0.2:8080");
    private static final ServiceKey APP = Said.key("x:80");
    private static final ServiceKey API = Said.key("db:5432");

    @RegisterExtension
    final AllocatorLives lives = new AllocatorLives(TestSettings.of(Duration.ofHours(1), "a"));

    private final MemoryJournal journal = lives.journal();
    private Allocator allocator = lives.start();

    private static Drain drain(Drain.Kind kind, String what) {
        return new Drain(kind, what, new TreeSet<>(), "alice", "new kernel", 0);
    }

    private State order(Drain drain, boolean begins) throws Exception {
        return allocator
                .drain(new DrainOrder(drain, begins))
                .get(10, TimeUnit.SECONDS)
                .table();
    }

    private void declare() throws Exception {
        allocator.accept(
                new Said("a").app("x:80", ONE.toString(), TWO.toString()).all());
        allocator
                .put(
                        ServiceDocument.read(
                                API,
                                "{\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":5432,\"weight\":7},{\"ip\":\"10.0.0.1\",\"port\":5433,\"health\":\"unhealthy\"}]}"
                                        .getBytes(StandardCharsets.UTF_8)),
                        new Ordering(new Cause("me", "a test")))
                .get(10, TimeUnit.SECONDS);
    }

    private static Map<String, String> health(State state, ServiceKey key) {
        return state.service(key).orElseThrow().backends().values().stream()
                .collect(Collectors.toMap(
                        backend -> backend.address().toString(),
                        (Backend backend) -> backend.health().text() + " " + backend.weight() + " " + backend.share()));
    }

    private List<String> problems() {
        return lives.board().entries().stream()
                .map(entry -> entry.problem().kind() + " " + entry.problem().subject())
                .toList();
    }

    @Test
    void anAgentGetsNoConnectionsUntilTheEndAndComesBackAsItWas() throws Exception {
        declare();
        Map<String, String> app = health(journal.state(), APP);
        Map<String, String> api = health(journal.state(), API);
        State drained = order(drain(Drain.Kind.AGENT, "10.0.0.1"), true);
        assertEquals(Map.of(ONE.toString(), "draining 1 0", TWO.toString(), "unchecked 1 1"), health(drained, APP));
        assertEquals(Map.of("10.0.0.1:5432", "draining 7 0", "10.0.0.1:5433", "unhealthy 0 0"), health(drained, API));
        assertTrue(
                problems().contains("all-drained db.marathon.l4lb.thisdcos.directory:5432/tcp"),
                problems().toString());
        assertTrue(
                problems().stream().noneMatch(text -> text.startsWith("all-drained x")),
                problems().toString());
        List<Explanation> lines = allocator.explain("x.marathon");
        assertTrue(
                lines.stream()
                        .anyMatch(line -> line.detail()
                                .equals("gets no new connections: alice drains agent 10.0.0.1 (new kernel)")),
                lines.toString());
        State back = order(drain(Drain.Kind.AGENT, "10.0.0.1"), false);
        assertEquals(app, health(back, APP));
        assertEquals(api, health(back, API));
        assertTrue(problems().isEmpty(), problems().toString());
    }

    @Test
    void whatComesToADrainedAgentIsDrainedToo() throws Exception {
        order(drain(Drain.Kind.AGENT, "10.0.0.1"), true);
        declare();
        assertEquals("draining 1 0", health(journal.state(), APP).get(ONE.toString()));
        assertEquals("draining 7 0", health(journal.state(), API).get("10.0.0.1:5432"));
    }

    @Test
    void aBackendIsDrainedByItsAddressAndPort() throws Exception {
        declare();
        State drained = order(drain(Drain.Kind.BACKEND, ONE.toString()), true);
        assertEquals("draining 1 0", health(drained, APP).get(ONE.toString()));
        assertEquals("healthy 7 7", health(drained, API).get("10.0.0.1:5432"));
        assertEquals(
                "unchecked 1 1",
                health(order(drain(Drain.Kind.BACKEND, ONE.toString()), false), APP)
                        .get(ONE.toString()));
    }

    @Test
    void aNewAllocatorKnowsItAndTheApisWordIsNotForgotten() throws Exception {
        declare();
        Map<String, String> before = health(journal.state(), API);
        order(drain(Drain.Kind.AGENT, "10.0.0.1"), true);
        allocator.close();
        // The source has not said anything to it, and what came through the API stands in the table alone.
        allocator = lives.start();
        State held = order(drain(Drain.Kind.BACKEND, "10.9.9.9:1"), true);
        assertEquals("draining 7 0", health(held, API).get("10.0.0.1:5432"));
        assertEquals("draining 1 0", health(held, APP).get(ONE.toString()));
        State back = order(drain(Drain.Kind.AGENT, "10.0.0.1"), false);
        assertEquals(before, health(back, API));
        assertEquals("unchecked 1 1", health(back, APP).get(ONE.toString()));
    }
}
