package directory.thisdcos.l4lb.reach;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Nodes n1, n2, …, node i at 10.0.0.i, whose presences a test sets. For one thread. */
final class Crowd {
    private final SortedMap<String, NodeStatus> present = new TreeMap<>();

    Crowd(int nodes) {
        for (int i = 1; i <= nodes; i++) {
            present(i, 0);
        }
    }

    static String id(int number) {
        return "n" + number;
    }

    static Ip address(int number) {
        return Ip.of("10.0." + number / 250 + "." + number % 250);
    }

    /** Each node has the address of a bridge, which all of them have. */
    void present(int number, long startedSeconds, Integer... unreachable) {
        TreeSet<Ip> witness =
                Set.of(unreachable).stream().map(Crowd::address).collect(Collectors.toCollection(TreeSet::new));
        present.put(
                id(number),
                new NodeStatus(
                        id(number),
                        List.of(address(number), Ip.of("172.17.0.1")),
                        Collections.emptySortedMap(),
                        "1",
                        Instant.ofEpochSecond(startedSeconds),
                        new NodeStatus.Table("", 0, 0, 0, false, Duration.ZERO, 0),
                        new NodeStatus.Part(true, "", ""),
                        new NodeStatus.Part(true, "", ""),
                        Optional.of(new Endpoint(address(number), 62081)),
                        witness));
    }

    void leaves(int number) {
        present.remove(id(number));
    }

    /** A copy, as the directory gives it. */
    SortedMap<String, NodeStatus> now() {
        return new TreeMap<>(present);
    }

    static Backend backend(String ip, String node) {
        return new Backend(
                new Endpoint(Ip.of(ip), 8080), Optional.empty(), 1, Health.HEALTHY, node, "", "task", "source");
    }

    static Map<String, NodeReach.State> states(ReachVerdict verdict) {
        return verdict.nodes().stream().collect(Collectors.toMap(NodeReach::id, NodeReach::state));
    }
}
