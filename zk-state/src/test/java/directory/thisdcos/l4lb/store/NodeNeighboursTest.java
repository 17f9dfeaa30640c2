package directory.thisdcos.l4lb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.store.codec.NodeStatusJson;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeNeighboursTest {

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "node-" + i).toList();
    }

    @Test
    void everybodyIsLookedAtByAsManyAsItLooksAt() {
        for (int size : new int[] {1, 2, 3, 4, 5, 6, 50}) {
            for (int count : new int[] {1, 2, 3, 4, 5}) {
                Map<String, Set<String>> lookedAtBy = new HashMap<>();
                for (String id : ids(size)) {
                    List<String> neighbours = NodeRing.neighbours(id, ids(size), count);
                    assertEquals(Math.min(count, size - 1), new HashSet<>(neighbours).size());
                    neighbours.forEach(other -> lookedAtBy
                            .computeIfAbsent(other, absent -> new HashSet<>())
                            .add(id));
                }
                for (String id : ids(size)) {
                    Set<String> by = lookedAtBy.getOrDefault(id, Set.of());
                    assertEquals(Math.min(count, size - 1), by.size(), size + " nodes, " + count + " each");
                    assertTrue(!by.contains(id));
                }
            }
        }
    }

    @Test
    void aNodeThatGoesConcernsTheFewAroundIt() {
        List<String> all = ids(200);
        List<String> fewer = all.stream().filter(id -> !id.equals("node-7")).toList();
        long moved = fewer.stream()
                .filter(id -> !NodeRing.neighbours(id, all, 4).equals(NodeRing.neighbours(id, fewer, 4)))
                .count();
        assertEquals(4, moved);
    }

    private static NodeStatus status(String id, int number) {
        return new NodeStatus(
                id,
                List.of(),
                Collections.emptySortedMap(),
                "1",
                Instant.EPOCH,
                new NodeStatus.Table("", 0, 0, 0, false, Duration.ZERO, 0),
                new NodeStatus.Part(true, "", ""),
                new NodeStatus.Part(true, "", ""),
                Optional.of(new Endpoint(Ip.of("10.0.0." + number), 62081)),
                new TreeSet<>());
    }

    private static void register(ZooKeeperClient client, int number) throws Exception {
        String id = "node-" + number;
        client.curator()
                .create()
                .withMode(CreateMode.EPHEMERAL)
                .forPath(client.paths().node(id), NodeStatusJson.encode(status(id, number)));
    }

    private static List<NodeStatus> last(List<List<NodeStatus>> heard) {
        return heard.get(heard.size() - 1);
    }

    private static Set<String> names(List<List<NodeStatus>> heard) {
        Set<String> names = new HashSet<>();
        last(heard).forEach(node -> names.add(node.id()));
        return names;
    }

    @Test
    void aNodeThatIsNotRegisteredYetLooksAgainUntilItIs(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            // Before there is a table.
            List<List<NodeStatus>> heard = new CopyOnWriteArrayList<>();
            NodeNeighbours neighbours = new NodeNeighbours(cluster.client(), "node-0", 4, heard::add);
            cluster.closing(neighbours, neighbours::close);
            neighbours.start();
            Await.until("nobody", () -> heard.contains(List.of()));
            cluster.journal(settings -> settings).takeOver();
            ZooKeeperClient client = cluster.client();
            register(client, 1);
            Await.until("the other, without a doubt", () -> names(heard).equals(Set.of("node-1")));
        }
    }

    @Test
    void neighboursAreReadAtTheStartAndWhenSomebodyDoubtsThem(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            cluster.journal(settings -> settings).takeOver();
            ZooKeeperClient client = cluster.client();
            register(client, 1);
            register(client, 2);
            List<List<NodeStatus>> heard = new CopyOnWriteArrayList<>(List.of(List.of()));
            NodeNeighbours neighbours = new NodeNeighbours(cluster.client(), "node-0", 4, heard::add);
            cluster.closing(neighbours, neighbours::close);
            neighbours.start();
            Await.until("the first look", () -> names(heard).equals(Set.of("node-1", "node-2")));
            assertEquals(
                    Optional.of(Endpoint.parse("10.0.0.1:62081")),
                    last(heard).stream()
                            .filter(node -> node.id().equals("node-1"))
                            .findFirst()
                            .orElseThrow()
                            .probe());
            register(client, 3);
            neighbours.doubt();
            Await.until("the doubt", () -> names(heard).equals(Set.of("node-1", "node-2", "node-3")));
        }
    }
}
