package directory.thisdcos.l4lb.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.StoreException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedZooKeeperTest {
    private static final Endpoint ANY_PORT = Endpoint.parse("127.0.0.1:0");

    private final ProblemBoard problems = new ProblemBoard(new PrometheusRegistry(), InstantSource.system());

    /** Uses a client. */
    private interface Use {
        void with(ZooKeeper client) throws KeeperException, InterruptedException;
    }

    private static void connect(EmbeddedZooKeeper server, Use use) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(server.connectString(), 10_000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        try {
            assertTrue(connected.await(10, TimeUnit.SECONDS));
            use.with(client);
        } finally {
            client.close();
        }
    }

    @Test
    void keepsItsDataAndIgnoresForeignFiles(@TempDir Path dir) throws Exception {
        Path data = dir.resolve("a/b");
        Files.createDirectories(data);
        Path foreign = Files.writeString(data.resolve("table-1.json.gz"), "not ZooKeeper's");
        Path leftover = Files.writeString(data.resolve("zookeeper.configuration123.properties"), "");
        for (int i = 0; i < 3; i++) {
            int round = i;
            try (EmbeddedZooKeeper server = new EmbeddedZooKeeper(data, ANY_PORT, problems)) {
                server.start();
                connect(server, client -> {
                    assertEquals(round, client.getChildren("/", false).size() - 1, "children besides /zookeeper");
                    client.create("/round-" + round, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                });
            }
        }
        assertTrue(Files.exists(foreign));
        assertFalse(Files.exists(leftover));
        try (Stream<Path> files = Files.list(data)) {
            assertTrue(files.filter(file -> file.toString().endsWith(".properties"))
                            .count()
                    <= 1);
        }
    }

    @Test
    void saysThatThePortIsTaken(@TempDir Path dir) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, ANY_PORT.ip().toInetAddress())) {
            Endpoint taken = Endpoint.parse("127.0.0.1:" + other.getLocalPort());
            StoreException e =
                    assertThrows(StoreException.class, () -> new EmbeddedZooKeeper(dir, taken, problems).start());
            assertOneLine(e, taken.toString());
        }
    }

    @Test
    void saysThatTheFolderIsNoFolder(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        StoreException e =
                assertThrows(StoreException.class, () -> new EmbeddedZooKeeper(file, ANY_PORT, problems).start());
        assertOneLine(e, "not writable");
    }

    @Test
    void saysThatTheLogIsDamaged(@TempDir Path dir) throws Exception {
        try (EmbeddedZooKeeper server = new EmbeddedZooKeeper(dir, ANY_PORT, problems)) {
            server.start();
            connect(server, client -> {
                for (int i = 0; i < 20; i++) {
                    client.create(
                            "/n" + i,
                            "x".repeat(100).getBytes(UTF_8),
                            ZooDefs.Ids.OPEN_ACL_UNSAFE,
                            CreateMode.PERSISTENT);
                }
            });
        }
        List<Path> logs;
        try (Stream<Path> files = Files.list(dir.resolve("version-2"))) {
            logs = files.filter(file -> file.getFileName().toString().startsWith("log."))
                    .toList();
        }
        try (RandomAccessFile log = new RandomAccessFile(logs.get(0).toFile(), "rw")) {
            log.seek(600);
            log.write("damaged".getBytes(UTF_8));
        }
        StoreException e =
                assertThrows(StoreException.class, () -> new EmbeddedZooKeeper(dir, ANY_PORT, problems).start());
        assertOneLine(e, "damaged");
    }

    @Test
    void aFullDiskIsOneLineAndTheServerComesBackWhenThereIsRoom(@TempDir Path dir) throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", dir.toString()), "only root can mount");
        try (EmbeddedZooKeeper server = new EmbeddedZooKeeper(dir, ANY_PORT, problems)) {
            server.start();
            connect(server, client -> create(client, "/before"));
            Path ballast = dir.resolve("ballast");
            fill(ballast);
            assertThrows(
                    KeeperException.class,
                    () -> connect(server, client -> {
                        for (int i = 0; i < 100; i++) {
                            create(client, "/n" + i);
                        }
                    }));
            await(() -> problems().stream().anyMatch(line -> line.contains("is full")));
            assertEquals(1, problems().size());
            Files.delete(ballast);
            await(() -> problems().isEmpty());
            connect(server, client -> {
                assertNotNull(client.exists("/before", false));
                create(client, "/after");
            });
        } finally {
            run("umount", "-l", dir.toString());
        }
    }

    private static void create(ZooKeeper client, String path) throws KeeperException, InterruptedException {
        client.create(path, new byte[200_000], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            // As full as it gets.
            assertTrue(Files.size(file) > 0);
        }
    }

    private List<String> problems() {
        return problems.entries().stream()
                .map(entry -> entry.problem().toString())
                .toList();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not in time");
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }

    private static void assertOneLine(StoreException e, String text) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(text), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void closingTwiceOrUnstartedDoesNothing(@TempDir Path dir) throws StoreException {
        EmbeddedZooKeeper server = new EmbeddedZooKeeper(dir, ANY_PORT, problems);
        server.close();
        assertThrows(IllegalStateException.class, server::connectString);
        server.start();
        server.close();
        server.close();
    }
}
