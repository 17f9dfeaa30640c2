package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Machines that are cut off, programs that are killed and paused: five nodes and an allocator on machines of their own,
 * with a real ensemble of three servers.
 */
final class ReachabilityIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int NODES = 5;
    private static final int TICK_MILLIS = 500;
    private static final String SESSION = "3s";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    @SuppressWarnings("NullAway.Init") // set by the test
    private ClusterNetwork network;

    @SuppressWarnings("NullAway.Init") // set by the test
    private ClusterProcess allocator;

    private final List<ClusterProcess> nodes = new ArrayList<>();

    private ClusterProcess program(String name, String zooKeeper, String... arguments) throws Exception {
        ClusterNetwork.Machine machine = network.machine(name);
        List<String> command = new ArrayList<>(List.of(Checkout.launcher().toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "--zookeeper",
                zooKeeper,
                "--zookeeper-session",
                SESSION,
                "--data",
                temp.resolve(name).toString(),
                "--admin-listen",
                "127.0.0.1:62080"));
        return new ClusterProcess(
                machine,
                command,
                Map.of("L4LB_JAVA_OPTS", "-Xmx128m -XX:TieredStopAtLevel=1"),
                temp.resolve(name + ".log"));
    }

    private String ip(int node) throws IOException, InterruptedException {
        return network.machine("n" + node).ip();
    }

    private String get(String path) throws IOException, InterruptedException {
        return Shell.run(
                        allocator.machine().command(List.of("curl", "-sS", "-m", "5", "http://127.0.0.1:62080" + path)))
                .out();
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(get(path));
    }

    /** The state of each node, by its name. */
    private Map<String, String> reach() throws IOException, InterruptedException {
        Map<String, String> states = new TreeMap<>();
        json("/v1/reachability")
                .path("nodes")
                .forEach(node ->
                        states.put(node.path("id").asText(), node.path("state").asText()));
        return states;
    }

    /** Health and weight of the backend on each node. */
    private String backend(int node) throws IOException, InterruptedException {
        String ip = ip(node);
        for (JsonNode vip : json("/v1/vips")) {
            for (JsonNode backend : vip.path("backend")) {
                if (backend.path("ip").asText().equals(ip)) {
                    return backend.path("health").asText() + " "
                            + backend.path("weight").asInt();
                }
            }
        }
        return "none";
    }

    private void awaitState(int node, String state) {
        Await.until("n" + node + " is " + state, LIMIT, () -> state.equals(reach().get("n" + node)));
    }

    private void awaitBackend(int node, String wanted) {
        Await.until(
                "n" + node + "'s backend is " + wanted,
                LIMIT,
                () -> backend(node).equals(wanted));
    }

    private void writeApp() throws IOException, InterruptedException {
        StringBuilder tasks = new StringBuilder();
        for (int i = 1; i <= NODES; i++) {
            tasks.append(i == 1 ? "" : ",")
                    .append("{\"id\":\"lab." + i + "\",\"appId\":\"/lab\",\"host\":\"" + ip(i)
                            + "\",\"ports\":[8080],\"state\":\"TASK_RUNNING\"}");
        }
        Files.writeString(
                Files.createDirectories(temp.resolve("apps")).resolve("lab.json"),
                "{\"id\":\"/lab\",\"portDefinitions\":[{\"port\":8080,\"protocol\":\"tcp\",\"labels\":{\"VIP_0\":"
                        + "\"/lab:80\"}}],\"tasks\":[" + tasks + "]}");
    }

    @Test
    void aMachineGoesByTheWordOfSeveralAndAProgramsEndIsNotItsMachines() throws Exception {
        try (ClusterNetwork opened = ClusterNetwork.open()) {
            network = opened;
            assumeTrue(network.canCut(), "needs the privilege to make network namespaces");
            try (TestEnsemble ensemble = new TestEnsemble(network, temp, TICK_MILLIS)) {
                ensemble.start();
                writeApp();
                allocator = program(
                        "al",
                        ensemble.connect(),
                        "allocator",
                        "--apps",
                        temp.resolve("apps").toString());
                try {
                    for (int i = 1; i <= NODES; i++) {
                        nodes.add(program(
                                "n" + i,
                                ensemble.connect(),
                                "node",
                                "--node-id",
                                "n" + i,
                                "--dns-listen",
                                "127.0.0.1:5353",
                                "--ipvs",
                                "plan"));
                    }
                    allocator.ensureRunning();
                    for (ClusterProcess node : nodes) {
                        node.ensureRunning();
                    }
                    scenarios();
                } catch (AssertionError e) {
                    StringBuilder words = new StringBuilder(String.valueOf(e.getMessage()));
                    words.append('\n').append(allocator.lastWords());
                    nodes.forEach(node -> words.append('\n').append(node.lastWords()));
                    throw new AssertionError(words.toString(), e);
                } finally {
                    nodes.forEach(ClusterProcess::close);
                    allocator.close();
                }
            }
        }
    }

    private void scenarios() throws Exception {
        awaitAllWatched();
        aProgramThatWasKilledKeepsItsBackends();
        aProgramThatIsPausedKeepsItsBackends();
        awaitAllWatched();
        oneWitnessIsNotEnough();
        aMachineThatIsCutOffLosesItsBackendsAndGetsThemBack();
        awaitAllWatched();
        mostMachinesAreNotTakenForGone();
    }

    /** Every node looks at all others, and all of them answer. */
    private void awaitAllWatched() {
        for (int i = 1; i <= NODES; i++) {
            ClusterProcess node = nodes.get(i - 1);
            awaitState(i, "reachable");
            awaitBackend(i, "unchecked 1");
            Await.until(
                    "the neighbours of n" + i,
                    LIMIT,
                    () -> Shell.run(node.machine().command(List.of("curl", "-sS", "http://127.0.0.1:62080/metrics")))
                            .out()
                            .contains("l4lb_neighbours{reachable=\"true\"} " + (NODES - 1) + ".0"));
        }
    }

    private void aProgramThatWasKilledKeepsItsBackends() throws Exception {
        nodes.get(1).kill();
        awaitState(2, "suspected");
        assertEquals("unchecked 1", backend(2), "its tasks run on");
        assertTrue(json("/v1/problems?kind=node-unreachable").isEmpty());
        nodes.get(1).ensureRunning();
        awaitState(2, "reachable");
    }

    private void aProgramThatIsPausedKeepsItsBackends() throws Exception {
        nodes.get(2).pause();
        awaitState(3, "suspected");
        assertEquals("unchecked 1", backend(3), "its session is over, but its machine answers the neighbours");
        nodes.get(2).ensureRunning();
        awaitState(3, "reachable");
    }

    private void oneWitnessIsNotEnough() throws Exception {
        network.mute(network.machine("n5"), network.machine("n4"));
        Await.until(
                "n4 says that it cannot reach n5",
                LIMIT,
                () -> json("/v1/reachability")
                        .toString()
                        .contains("\"id\":\"n5\",\"state\":\"suspected\",\"witnesses\":[\"n4\"]"));
        assertEquals("unchecked 1", backend(5));
        network.heal();
        awaitState(5, "reachable");
    }

    private void aMachineThatIsCutOffLosesItsBackendsAndGetsThemBack() throws Exception {
        long cut = System.nanoTime();
        network.isolate(network.machine("n1"));
        awaitBackend(1, "unreachable 0");
        Duration took = Duration.ofNanos(System.nanoTime() - cut);
        System.out.println("a machine that was cut off lost its backends after " + took.toMillis() + " ms");
        // Three probes, half a second apart, and what it takes to agree; its session alone would need longer.
        assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, took.toString());
        awaitState(1, "unreachable");
        assertTrue(json("/v1/problems?kind=node-unreachable").toString().contains("node n1"));
        assertTrue(get("/v1/explain/lab.marathon").contains("its machine is gone: node n1: "));
        assertTrue(get("/metrics").contains("l4lb_node_reach{state=\"unreachable\"} 1.0"));
        for (int i = 2; i <= NODES; i++) {
            assertEquals("unchecked 1", backend(i));
        }
        Await.until(
                "its session is over",
                LIMIT,
                () -> !json("/v1/reachability").at("/nodes/0/sessionEnded").isNull());
        assertEquals("unreachable 0", backend(1));
        network.heal();
        awaitBackend(1, "unchecked 1");
        Await.until(
                "no problem",
                LIMIT,
                () -> json("/v1/problems?kind=node-unreachable").isEmpty());
    }

    private void mostMachinesAreNotTakenForGone() throws Exception {
        for (int i = 1; i <= 3; i++) {
            network.isolate(network.machine("n" + i));
        }
        Await.until(
                "the limit is reported",
                LIMIT,
                () -> json("/v1/problems?kind=unreachable-limit").toString().contains("3 of 5 nodes seem gone"));
        for (int i = 1; i <= NODES; i++) {
            awaitBackend(i, "unchecked 1");
        }
        network.heal();
        Await.until(
                "the limit is over",
                LIMIT,
                () -> json("/v1/problems?kind=unreachable-limit").isEmpty());
    }
}
