package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.reach.ReachSettings;
import directory.thisdcos.l4lb.source.api.ServiceDocument;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of the table when machines go and come back, from presences to the journal. */
final class MachineGoneTest {
    private static final Endpoint ONE = Endpoint.parse("10.0.0.1:8080");
    private static final Endpoint TWO = Endpoint.parse("10.0.0.2:8080");
    private static final ServiceKey APP = Said.key("x:80");
    private static final ServiceKey OTHER = Said.key("other:80");
    private static final ServiceKey API = Said.key("db:5432");

    @RegisterExtension
    final AllocatorLives lives = new AllocatorLives(new AllocatorSettings(
            Pools.DEFAULT,
            Duration.ofHours(1),
            Set.of("a"),
            Duration.ofMinutes(10),
            FlapSettings.DEFAULT,
            new DangerousAddresses(Map.of()),
            BalancingOptions.NONE,
            new ReachSettings(2, Duration.ZERO, Duration.ZERO, Duration.ofMillis(50), 50)));

    private final MemoryJournal journal = lives.journal();
    private Allocator allocator = lives.start();

    /** Nodes n1 to n4; each of the witnesses says that n1 is gone. */
    private static SortedMap<String, NodeStatus> nodes(Integer... witnesses) {
        SortedMap<String, NodeStatus> nodes = new TreeMap<>();
        for (int i = 1; i <= 4; i++) {
            TreeSet<Ip> unreachable = new TreeSet<>(Set.of(witnesses).contains(i) ? Set.of(ONE.ip()) : Set.of());
            nodes.put(
                    "n" + i,
                    new NodeStatus(
                            "n" + i,
                            List.of(Ip.of("10.0.0." + i)),
                            Collections.emptySortedMap(),
                            "1",
                            Instant.EPOCH,
                            new NodeStatus.Table("", 0, 0, 0, false, Duration.ZERO, 0),
                            new NodeStatus.Part(true, "", ""),
                            new NodeStatus.Part(true, "", ""),
                            Optional.of(new Endpoint(Ip.of("10.0.0." + i), 62081)),
                            unreachable));
        }
        return nodes;
    }

    private static Map<Endpoint, String> health(State state, ServiceKey key) {
        return state.service(key)
                .map(service -> service.backends().values().stream()
                        .collect(Collectors.toMap(
                                Backend::address,
                                backend -> backend.health().text() + " " + backend.weight() + " " + backend.share())))
                .orElse(Map.of());
    }

    private void declare() throws Exception {
        allocator.presences(nodes());
        allocator.accept(new Said("a")
                .app("x:80", ONE.toString(), TWO.toString())
                .app("other:80", TWO.toString())
                .all());
        allocator
                .put(
                        ServiceDocument.read(
                                API,
                                "{\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":8080,\"weight\":7},{\"ip\":\"10.9.9.9\",\"port\":1,\"node\":\"n1\"}]}"
                                        .getBytes(StandardCharsets.UTF_8)),
                        new Ordering(new Cause("me", "a test")))
                .get(10, TimeUnit.SECONDS);
        journal.await(
                state -> health(state, APP).size() == 2 && health(state, OTHER).size() == 1);
    }

    @Test
    void itsBackendsLeaveAndComeBackAsTheyWere() throws Exception {
        declare();
        Map<Endpoint, String> before = health(journal.state(), API);
        allocator.presences(nodes(2));
        allocator.presences(nodes(2, 3));
        State gone = journal.await(state -> Objects.equals(health(state, APP).get(ONE), "unreachable 1 0"));
        assertEquals("unchecked 1 1", health(gone, APP).get(TWO));
        assertEquals(Map.of(TWO, "unchecked 1 1"), health(gone, OTHER));
        assertEquals(
                Map.of(ONE, "unreachable 7 0", Endpoint.parse("10.9.9.9:1"), "unreachable 1 0"), health(gone, API));
        String why = allocator.explain("x.marathon").stream()
                .filter(line -> line.address().equals(Optional.of(ONE)))
                .findFirst()
                .orElseThrow()
                .detail();
        assertEquals("gets no connections: its machine is gone: node n1: cannot be reached by n2, n3", why);
        allocator.presences(nodes());
        State back = journal.await(state -> Objects.equals(health(state, APP).get(ONE), "unchecked 1 1"));
        assertEquals(before, health(back, API));
    }

    @Test
    void aNewAllocatorKnowsItFromTheTableAndTheApisWordIsNotForgotten() throws Exception {
        declare();
        Map<Endpoint, String> before = health(journal.state(), API);
        allocator.presences(nodes(2, 3));
        journal.await(state -> Objects.equals(health(state, API).get(ONE), "unreachable 7 0"));
        allocator.close();
        // Another process, that never saw n1 and knows neither its presence nor what the source says.
        allocator = lives.start();
        allocator
                .put(
                        ServiceDocument.read(
                                OTHER,
                                "{\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":9}]}".getBytes(StandardCharsets.UTF_8)),
                        new Ordering(new Cause("me", "a test")))
                .get(10, TimeUnit.SECONDS);
        State held = journal.state();
        assertEquals("unreachable 7 0", health(held, API).get(ONE));
        assertEquals("unreachable 1 0", health(held, APP).get(ONE));
        assertEquals("unreachable 1 0", health(held, OTHER).get(Endpoint.parse("10.0.0.1:9")));
        allocator.presences(nodes());
        State back = journal.await(state -> Objects.equals(health(state, APP).get(ONE), "unchecked 1 1"));
        assertEquals(before, health(back, API), "with the weight that it was given");
    }
}
