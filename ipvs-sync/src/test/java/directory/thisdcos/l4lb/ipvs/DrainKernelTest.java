package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.State;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Servers and services that go while clients are connected. */
@Tag("kernel")
class DrainKernelTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final SharedLabNet LAB = new SharedLabNet(3);

    @TempDir
    private Path directory;

    private static State web(int... servers) {
        String[] backends = new String[servers.length];
        for (int i = 0; i < servers.length; i++) {
            backends[i] = "10.1.0." + (servers[i] + 1) + ":8080";
        }
        return new States().name("web", "11.0.0.1").tcp("web", 80, backends).build();
    }

    private static State nothing() {
        return new States().build();
    }

    /** Weights of the servers of 11.0.0.1:80, as ipvsadm shows them. */
    private static String weights() {
        return Lab.sh("ipvsadm -Sn | sed -n 's/^-a -t 11.0.0.1:80 -r 10.1.0.\\([0-9]*\\):8080 -m -w /\\1w/p' | xargs")
                .strip();
    }

    private static void await(String weights) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!weights().equals(weights)) {
            assertTrue(System.nanoTime() < end, () -> "not '" + weights + "' but\n" + Lab.sh("ipvsadm -Ln"));
            Thread.sleep(100);
        }
    }

    /** Until the kernel has no connection of 10.1.0.2 that is not over: its end is a few packets away. */
    private static void awaitIdle() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (Lab.sh("cat /proc/net/ip_vs_conn").lines().anyMatch(DrainKernelTest::isInUse)) {
            assertTrue(System.nanoTime() < end, () -> Lab.sh("ipvsadm -Lnc"));
            Thread.sleep(5);
        }
    }

    private static boolean isInUse(String line) {
        return line.contains(" 0A010002 1F90 ") && !line.contains("TIME_WAIT") && !line.contains("CLOSE ");
    }

    private static Map<Character, Client> onEach(String client, int servers) throws IOException {
        Map<Character, Client> open = new HashMap<>();
        while (open.size() < servers) {
            Client next = Client.connect(client, "11.0.0.1", 80);
            if (open.putIfAbsent(next.server(), next) != null) {
                next.close();
            }
        }
        return open;
    }

    private static Client of(Map<Character, Client> open, char server) {
        Client client = open.get(server);
        assertTrue(client != null);
        return client;
    }

    @Test
    void aRemovedServerKeepsItsConnectionsUntilTheyAreOver() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON, LONG)) {
            sync.apply(web(1, 2));
            Map<Character, Client> open = onEach("cl", 2);
            sync.apply(web(2));
            assertEquals("2w0 3w1", weights());
            for (int i = 0; i < 8; i++) {
                assertEquals('2', Client.ask("cl", "11.0.0.1", 80));
            }
            assertTrue(of(open, '1').echoes(), "its open connection lives on");
            assertEquals(Map.of(), sync.audit(), "an audit leaves it alone");
            Lab.sh("ipvsadm -e -t 11.0.0.1:80 -r 10.1.0.2:8080 -m -w 7");
            assertEquals(Map.of("destination-changed", 1), sync.audit());
            assertEquals("2w0 3w1", weights());
            assertTrue(of(open, '1').echoes());
            of(open, '1').close();
            awaitIdle();
            long start = System.nanoTime();
            while (!sync.status().drains().isEmpty()) {
                assertTrue(System.nanoTime() - start < PATIENCE.toNanos(), "the end of a drain is not noticed");
                Thread.sleep(5);
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertEquals("3w1", weights());
            // Wanted are 1000 ms; emulated machines stop for longer than that when others are busy.
            assertTrue(millis < 2000, "the end of a drain was noticed after " + millis + " ms");
            Lab.witness("removed server: weight 0 with an open connection, gone " + millis + " ms after its end");
            assertTrue(of(open, '2').echoes());
        }
    }

    @Test
    void aHalfClosedConnectionGetsItsAnswer() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON, LONG)) {
            sync.apply(web(1));
            try (Client open = Client.connect("cl", "11.0.0.1", 80)) {
                LAB.net().holdAnswers(true);
                open.endOutput();
                sync.apply(web(2));
                for (int i = 0; i < 10; i++) {
                    sync.endDrains();
                    Thread.sleep(200);
                }
                assertEquals("2w0 3w1", weights(), "half-closed counts as in use");
                LAB.net().holdAnswers(false);
                assertTrue(open.readsEnd(), "the server's last words arrive");
            }
            await("3w1");
        }
    }

    @Test
    void theDeadlineResetsWhoDoesNotLeave() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON, Duration.ofSeconds(4))) {
            sync.apply(web(1));
            try (Client open = Client.connect("cl", "11.0.0.1", 80)) {
                sync.apply(web(2));
                assertTrue(open.echoes());
                await("3w1");
                assertThrows(SocketException.class, () -> {
                    for (int i = 0; i < 5; i++) {
                        if (!open.echoes()) {
                            throw new SocketException("closed");
                        }
                    }
                });
                Lab.witness("deadline: the idle client gets a reset, not silence");
            }
        }
    }

    @Test
    void aServerThatReturnsWhileItDrainsIsEdited() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON, LONG)) {
            sync.apply(web(1, 2));
            Map<Character, Client> open = onEach("", 2);
            long writes = sync.status().writes();
            sync.apply(web(2));
            sync.apply(web(1, 2));
            assertEquals(writes + 2, sync.status().writes(), "two SETs");
            assertEquals("2w1 3w1", weights());
            assertTrue(of(open, '1').echoes() && of(open, '2').echoes());
        }
    }

    @Test
    void aServiceThatGoesDrainsAndRefusesNewConnections() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON, LONG)) {
            State state =
                    States.of(web(1)).fixed("3.3.0.6", 80, "10.1.0.3:8080").build();
            sync.apply(state);
            try (Client open = Client.connect("cl", "11.0.0.1", 80);
                    Client fixed = Client.connect("cl", "3.3.0.6", 80)) {
                sync.apply(nothing());
                assertEquals('X', Client.ask("cl", "11.0.0.1", 80));
                assertEquals('X', Client.ask("cl", "3.3.0.6", 80));
                assertTrue(open.echoes() && fixed.echoes(), "open ones live on, the fixed address's route too");
                assertTrue(Lab.sh("ip route show table local proto 76").contains("3.3.0.6"));
                assertEquals(Map.of(), sync.audit());
            }
            await("");
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!Lab.ipvsadm().equals("-A -f 1815374946 -6 -s none\n-A -f 1815374946 -s none")) {
                assertTrue(System.nanoTime() < end, Lab.ipvsadm());
                Thread.sleep(100);
            }
            assertEquals(
                    "local 11.0.0.0/8 dev lo scope host",
                    Lab.sh("ip route show table local proto 76").strip());
            assertEquals('X', Client.ask("cl", "11.0.0.1", 80));
            assertEquals(Map.of(), sync.audit());
            Lab.witness("a service that goes: open connections live, new ones refused, then nothing is left");
        }
    }

    @Test
    void aRestartKeepsTheDeadlineAndAReturnedServerItsConnections() throws Exception {
        Duration limit = Duration.ofSeconds(12);
        Map<Character, Client> open;
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON, limit)) {
            sync.apply(web(1, 2));
            open = onEach("cl", 2);
            sync.apply(web());
        }
        Instant deadline = deadline();
        try (IpvsSync again = Lab.open(directory, IpvsMode.ON, limit)) {
            again.apply(web(2));
            assertEquals("2w0 3w1", weights());
            assertTrue(of(open, '1').echoes() && of(open, '2').echoes());
            Duration moved = Duration.between(deadline, deadline()).abs();
            assertTrue(moved.compareTo(Duration.ofMillis(500)) < 0, "the deadline moved by " + moved);
            await("3w1");
            assertTrue(of(open, '2').echoes());
            Lab.witness("restart while draining: the first deadline holds, the server that is wanted again lives on");
        }
    }

    /** Of the first server that drains, on disk. */
    private Instant deadline() throws IOException {
        String line = Files.readAllLines(directory.resolve("ipvs-drains")).get(0);
        return Instant.parse(line.substring(line.lastIndexOf(' ') + 1));
    }
}
