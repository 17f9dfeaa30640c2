package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.source.http.ReplayServer;
import directory.thisdcos.l4lb.store.embedded.EmbeddedZooKeeper;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What pages say for several machines, typed as it stands there, with the machines' names and folders replaced by what is here.
 * The rest of the {@code sh} blocks is typed by {@link DocsInKernelTest}, and by {@link PackageIT} where systemd runs.
 */
final class DocsTypedIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ENSEMBLE = "m1:2181,m2:2181,m3:2181";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private static List<String> commands(String page) throws IOException {
        return DocBlock.of(Checkout.root().resolve("docs").resolve(page)).stream()
                .filter(block -> block.tag().equals("sh"))
                .flatMap(block -> block.commands().stream())
                .toList();
    }

    /** Which machine and folder is which is the only thing that is not as on the page. */
    private static String here(String command, Map<String, String> replaced) {
        String typed = command;
        for (Map.Entry<String, String> entry : replaced.entrySet()) {
            typed = typed.replace(entry.getKey(), entry.getValue());
        }
        return typed;
    }

    private EmbeddedZooKeeper ensemble() throws Exception {
        EmbeddedZooKeeper zooKeeper = new EmbeddedZooKeeper(
                temp.resolve("zk"),
                Endpoint.parse("127.0.0.1:0"),
                new ProblemBoard(new PrometheusRegistry(), InstantSource.system()));
        zooKeeper.start();
        return zooKeeper;
    }

    /** As a master that leads tells it. */
    private static void elect(EmbeddedZooKeeper zooKeeper, ReplayServer master) throws Exception {
        try (CuratorFramework curator =
                CuratorFrameworkFactory.newClient(zooKeeper.connectString(), new RetryForever(100))) {
            curator.start();
            String info =
                    "{\"address\":{\"hostname\":\"no.example\",\"ip\":\"127.0.0.1\",\"port\":" + master.port() + "}}";
            curator.create()
                    .creatingParentsIfNeeded()
                    .forPath("/mesos/json.info_0000000001", info.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void addressesMoveFromDcosNetAsTheMigrationSays() throws Exception {
        List<String> commands = commands("migration.md");
        try (EmbeddedZooKeeper zooKeeper = ensemble();
                ReplayServer mesos = new ReplayServer(new ReplayMaster());
                DcosNetReplay old = new DcosNetReplay()
                        .name("broker.kafka", "11.175.100.139")
                        .name("batch.marathon", "11.3.4.5")) {
            elect(zooKeeper, mesos);
            String start = here(
                    commands.get(0), Map.of(ENSEMBLE, zooKeeper.connectString(), "127.0.0.1:62082", "127.0.0.1:0"));
            try (RunningProgram allocator = RunningProgram.typed(temp, start)) {
                Map<String, String> machines = Map.of(
                        "http://10.0.0.1:62080",
                        old.url(),
                        "10.0.0.1:53",
                        old.dns(),
                        "http://127.0.0.1:62082",
                        allocator.admin());
                List<String> rest = commands.subList(1, commands.size()).stream()
                        .map(line -> here(line, machines))
                        .toList();
                assertEquals(4, rest.size(), rest.toString());
                Await.until("the task", LIMIT, () -> Shell.typed(rest.get(2)).contains("broker.kafka"));
                String plan = Shell.typed(rest.get(0));
                assertTrue(plan.contains("would reserve 2 names"), plan);
                String done = Shell.typed(rest.get(1));
                assertTrue(done.contains("reserved 2 names; 0 were already, 0 cannot be"), done);
                String list = Shell.typed(rest.get(2));
                assertTrue(list.contains("broker.kafka.l4lb.thisdcos.directory:9092"), list);
                Shell.typed(rest.get(3));
            }
        }
    }

    @Test
    void theAdminApiIsOpenedAsOperateSays() throws Exception {
        List<String> commands = commands("operate.md").stream()
                .filter(line -> line.startsWith("l4lb "))
                .toList();
        assertEquals(3, commands.size(), commands.toString());
        AdminTls tls = AdminTls.make(temp, List.of("127.0.0.1"));
        Map<String, String> folders = Map.of(
                "/etc/l4lb/tokens", temp.resolve("tokens").toString(),
                "/etc/l4lb/admin.pem", tls.certificate().toString(),
                "/etc/l4lb/admin.key", tls.key().toString(),
                "/etc/l4lb/ca.pem", tls.certificate().toString(),
                "~/.l4lb-token", temp.resolve("token").toString());
        try (RunningProgram cluster = RunningProgram.examplesOnFreePorts(temp)) {
            Shell.Result token = Shell.installed(here(commands.get(0), folders));
            assertEquals(0, token.exitCode(), token.toString());
            List<String> said = token.err().lines().toList();
            Files.writeString(temp.resolve("token"), lastWord(said.get(said.size() - 1)) + "\n");
            String start = here(commands.get(1), folders)
                    .replace("zk1:2181", cluster.ready("zookeeper"))
                    .replace("0.0.0.0:62080", "0.0.0.0:0");
            try (RunningProgram node =
                    RunningProgram.typed(temp, start, "--dns-listen", "127.0.0.1:0", "--ipvs", "off")) {
                String port = node.ready("admin").replaceFirst(".*:", "");
                String list = here(commands.get(2), folders).replace("node1:62080", "127.0.0.1:" + port);
                Await.until("the table", LIMIT, () -> Shell.typed(list).contains("my-service.marathon"));
                Shell.Result bare = Shell.installed(list.replaceFirst("--token-file \\S+", ""));
                assertTrue(bare.exitCode() != 0 && bare.err().contains("no token was given"), bare.toString());
            }
        }
    }

    private static String lastWord(String line) {
        return line.substring(line.lastIndexOf(' ') + 1);
    }
}
