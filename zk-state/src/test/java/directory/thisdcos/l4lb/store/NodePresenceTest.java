package directory.thisdcos.l4lb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.store.codec.NodeStatusJson;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodePresenceTest {
    private static final Duration LONG = Duration.ofHours(1);

    private static NodeStatus status(String id, long seq, String... unreachable) {
        TreeSet<Ip> witness = new TreeSet<>();
        for (String address : unreachable) {
            witness.add(Ip.of(address));
        }
        return new NodeStatus(
                id,
                List.of(Ip.of("10.0.0.1"), Ip.of("fd01::1")),
                new TreeMap<>(Map.of("rack", "r1", "zone", "a")),
                "1.2.3",
                Instant.ofEpochSecond(1_700_000_000),
                new NodeStatus.Table("c", 3, seq, 0xdeadbeefcafebabeL, false, Duration.ofMillis(12), 0),
                new NodeStatus.Part(true, "on", "answers"),
                new NodeStatus.Part(false, "plan", "no privilege \"here\""),
                witness);
    }

    private static NodeDirectory directory(TestCluster cluster, ZooKeeperClient client) {
        NodeDirectory directory = new NodeDirectory(client, nodes -> {}, new PrometheusRegistry());
        directory.start();
        return cluster.closing(directory, directory::close);
    }

    private static NodePresence presence(
            TestCluster cluster, ZooKeeperClient client, AtomicReference<NodeStatus> status, Duration interval) {
        NodePresence presence = new NodePresence(
                client, Objects.requireNonNull(status.get()).id(), status::get, interval, cluster.problemBoard());
        presence.start();
        return cluster.closing(presence, presence::close);
    }

    private static long seq(NodeDirectory directory, String id) {
        NodeStatus status = directory.nodes().get(id);
        return status == null ? -1 : status.table().seq();
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        NodeStatus status = status("node-1.example", 7, "10.0.0.9", "10.0.0.10");
        assertEquals(status, NodeStatusJson.decode(NodeStatusJson.encode(status)));
        for (String bad : List.of("", "[]", "{}", "{\"id\":\"a/b\",\"table\":{}}", "{\"id\":\"a\",\"table\":7}")) {
            assertThrows(IOException.class, () -> NodeStatusJson.decode(bad.getBytes(StandardCharsets.UTF_8)));
        }
        assertThrows(IllegalArgumentException.class, () -> status("", 1));
        assertThrows(IllegalArgumentException.class, () -> status("../meta", 1));
    }

    @Test
    void theAllocatorSeesWhoIsThereAndWhatTheySay(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            // Before there is a table.
            NodeDirectory directory = directory(cluster, cluster.client());
            AtomicReference<NodeStatus> one = new AtomicReference<>(status("one", 1));
            AtomicReference<NodeStatus> two = new AtomicReference<>(status("two", 1));
            ZooKeeperClient oneClient = cluster.client();
            presence(cluster, oneClient, one, LONG);
            cluster.journal(settings -> settings).takeOver();
            Await.until("the first node", () -> directory.nodes().equals(Map.of("one", one.get())));
            ZooKeeperClient twoClient = cluster.client();
            presence(cluster, twoClient, two, LONG);
            Await.until("the second", () -> directory.nodes().keySet().equals(Set.of("one", "two")));

            two.set(status("two", 2));
            one.set(status("one", 2, "10.0.0.7"));
            Await.until(
                    "the witness is news",
                    () -> Objects.equals(one.get(), directory.nodes().get("one")));
            assertEquals(1, seq(directory, "two"), "progress waits for the interval");

            // Its session ends with the client.
            twoClient.close();
            Await.until("the second is gone", () -> directory.nodes().keySet().equals(Set.of("one")));

            cluster.restart();
            two.set(status("one", 3));
            Await.until(
                    "all is as before",
                    () -> directory.current() && directory.nodes().size() == 1);
        }
    }

    @Test
    void aRestartedNodeReplacesWhatItsDeadSessionLeft(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            cluster.journal(settings -> settings).takeOver();
            NodeDirectory directory = directory(cluster, cluster.client());
            FlakyProxy proxy = cluster.proxy();
            AtomicReference<NodeStatus> before = new AtomicReference<>(status("one", 1));
            presence(cluster, cluster.client(proxy.address(), settings -> settings), before, LONG);
            Await.until("it is there", () -> directory.nodes().containsKey("one"));
            // A process that was killed: its session lives on.
            proxy.refuse();
            AtomicReference<NodeStatus> after = new AtomicReference<>(status("one", 5));
            presence(cluster, cluster.client(), after, LONG);
            Await.until("the new one", () -> seq(directory, "one") == 5);
            assertEquals(List.of(), cluster.problems());
        }
    }

    @Test
    void twoNodesWithOneNameAreAProblem(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            cluster.journal(settings -> settings).takeOver();
            NodeDirectory directory = directory(cluster, cluster.client());
            AtomicReference<NodeStatus> first = new AtomicReference<>(status("one", 1));
            presence(cluster, cluster.client(), first, Duration.ofMillis(300));
            Await.until("the first", () -> directory.nodes().containsKey("one"));
            AtomicReference<NodeStatus> second = new AtomicReference<>(status("one", 2));
            ZooKeeperClient secondClient = cluster.client();
            NodePresence secondPresence = presence(cluster, secondClient, second, LONG);
            Await.until(
                    "the first complains",
                    () -> cluster.problems().stream().anyMatch(line -> line.contains("--node-id")));
            Await.until("they do not fight", () -> seq(directory, "one") == 2);
            secondPresence.close();
            secondClient.close();
            Await.until("the first is back", () -> {
                NodeStatus seen = directory.nodes().get("one");
                return seen != null
                        && seen.table().seq() == 1
                        && cluster.problems().isEmpty();
            });
        }
    }

    @Test
    void aNodeThatWritesNonsenseHidesNobody(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            cluster.journal(settings -> settings).takeOver();
            ZooKeeperClient client = cluster.client();
            client.curator().create().forPath(client.paths().node("bad"), new byte[] {1, 2});
            List<Set<String>> heard = Collections.synchronizedList(new ArrayList<>());
            NodeDirectory directory =
                    new NodeDirectory(cluster.client(), nodes -> heard.add(nodes.keySet()), new PrometheusRegistry());
            directory.start();
            AtomicReference<NodeStatus> good = new AtomicReference<>(status("good", 1));
            presence(cluster, client, good, LONG);
            Await.until("the good one", () -> heard.contains(Set.of("good")));
            assertFalse(directory.nodes().containsKey("bad"));
            directory.close();
        }
    }
}
