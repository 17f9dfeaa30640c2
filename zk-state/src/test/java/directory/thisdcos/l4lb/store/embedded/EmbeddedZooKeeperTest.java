package directory.thisdcos.l4lb.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.store.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
            try (EmbeddedZooKeeper server = new EmbeddedZooKeeper(data, ANY_PORT)) {
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
            StoreException e = assertThrows(StoreException.class, () -> new EmbeddedZooKeeper(dir, taken).start());
            assertOneLine(e, taken.toString());
        }
    }

    @Test
    void saysThatTheFolderIsNoFolder(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        StoreException e = assertThrows(StoreException.class, () -> new EmbeddedZooKeeper(file, ANY_PORT).start());
        assertOneLine(e, "not writable");
    }

    @Test
    void saysThatTheLogIsDamaged(@TempDir Path dir) throws Exception {
        try (EmbeddedZooKeeper server = new EmbeddedZooKeeper(dir, ANY_PORT)) {
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
        StoreException e = assertThrows(StoreException.class, () -> new EmbeddedZooKeeper(dir, ANY_PORT).start());
        assertOneLine(e, "damaged");
    }

    private static void assertOneLine(StoreException e, String text) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(text), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void closingTwiceOrUnstartedDoesNothing(@TempDir Path dir) throws StoreException {
        EmbeddedZooKeeper server = new EmbeddedZooKeeper(dir, ANY_PORT);
        server.close();
        assertThrows(IllegalStateException.class, server::connectString);
        server.start();
        server.close();
        server.close();
    }
}
