package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.embedded.EmbeddedZooKeeper;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts in processes of their own, with one ZooKeeper between them. */
final class ClusterIT {
    /** A dead leader is noticed when its session ends, after 10 s. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String NAME = "my-service.marathon.l4lb.thisdcos.directory";
    private static final String ADDRESS = "11.134.216.93\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private RunningProgram start(String name, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", temp.resolve(name).toString(), "--admin-listen", "127.0.0.1:0"));
        return RunningProgram.start(temp, all.toArray(String[]::new));
    }

    private RunningProgram startNode(String name, String zooKeeper) throws IOException {
        return start(
                name,
                "node",
                "--node-id",
                "node-" + name,
                "--node-attribute",
                "rack=r1",
                "--zookeeper",
                zooKeeper,
                "--dns-listen",
                "127.0.0.1:0",
                "--ipvs",
                "plan");
    }

    private static String dig(RunningProgram node, String name) throws IOException, InterruptedException {
        return Shell.run("dig", "@127.0.0.1", "-p", Integer.toString(node.dnsPort()), "+tries=1", "+short", name)
                .out();
    }

    private static String get(RunningProgram program, String path) throws IOException, InterruptedException {
        return Shell.output("curl", "-sS", program.admin() + path);
    }

    private RunningProgram startAllocator(String name, String zooKeeper, Path apps) throws IOException {
        return start(name, "allocator", "--zookeeper", zooKeeper, "--apps", apps.toString());
    }

    @Test
    void nodesFollowWhicheverAllocatorLeadsAndOutliveZooKeeper() throws Exception {
        Path apps = Files.createDirectory(temp.resolve("apps"));
        Files.copy(Checkout.root().resolve("examples/my-service.json"), apps.resolve("my-service.json"));
        EmbeddedZooKeeper zooKeeper = new EmbeddedZooKeeper(
                temp.resolve("zk"),
                Endpoint.parse("127.0.0.1:0"),
                new ProblemBoard(new PrometheusRegistry(), InstantSource.system()));
        zooKeeper.start();
        String connect = zooKeeper.connectString();
        try (RunningProgram first = startAllocator("first", connect, apps);
                RunningProgram one = startNode("one", connect)) {
            Await.until("the name on one node", LIMIT, () -> dig(one, NAME).equals(ADDRESS));
            try (RunningProgram second = startAllocator("second", connect, apps);
                    RunningProgram two = startNode("two", connect)) {
                Await.until("the name on the other", LIMIT, () -> dig(two, NAME).equals(ADDRESS));
                Await.until(
                        "the standby shows the table",
                        LIMIT,
                        () -> get(second, "/v1/vips").equals(get(two, "/v1/vips")));
                Await.until(
                        "the allocators see the nodes",
                        LIMIT,
                        () -> get(second, "/v1/nodes").contains("\"id\":\"node-one\"")
                                && get(second, "/v1/nodes").contains("\"rack\":\"r1\"")
                                && get(first, "/v1/nodes").contains("\"id\":\"node-two\""));
                first.kill();
                Files.copy(Checkout.root().resolve("examples/mysql.json"), apps.resolve("mysql.json"));
                Await.until(
                        "the new leader's change",
                        LIMIT,
                        () -> get(two, "/v1/vips").contains("3.3.0.6:3306"));
                Await.until(
                        "the same on both", LIMIT, () -> get(one, "/v1/vips").equals(get(two, "/v1/vips")));
                assertEquals(ADDRESS, dig(one, NAME), "an address outlives its allocator");
                zooKeeper.close();
                assertEquals(ADDRESS, dig(two, NAME), "a node needs no ZooKeeper to answer");
            }
            one.terminate();
        }
        try (RunningProgram again = startNode("one", connect)) {
            assertEquals(ADDRESS, dig(again, NAME), "nor to start");
            assertTrue(get(again, "/readyz").contains("\"ready\":true"));
            assertTrue(get(again, "/metrics").contains("l4lb_table_stale 1.0"), "but it says that it may be old");
        }
    }
}
