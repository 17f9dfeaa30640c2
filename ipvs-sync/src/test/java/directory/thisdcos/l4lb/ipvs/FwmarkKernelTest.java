package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Services for firewall marks, with real packets: two ports of a name that are one service, and one that maps its port. */
@Tag("kernel")
class FwmarkKernelTest {
    private static final int OTHER_PORT = 9001;
    private static final Balancing ROUND_ROBIN = Balancing.of(Scheduler.RR);
    private static final Balancing TOGETHER = ROUND_ROBIN.withPersistence(60).withFwmark(17);
    private static final Balancing LONE = ROUND_ROBIN.withFwmark(18);
    private static final List<String> CLIENTS = List.of("", "cl", "be1");
    private static final List<String> VIPS = List.of("11.0.0.1", "fd01:c::1");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @RegisterExtension
    static final SharedLabNet LAB = new SharedLabNet(2);

    private static final List<EchoServer> SERVERS = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        // Redirects to a neighbour on the bridge count against its share of errors (inetpeer.c: inet_peer_xrlim_allow).
        Lab.sh("sysctl -qw net.ipv6.icmp.ratelimit=0");
        SERVERS.add(EchoServer.start("be1", OTHER_PORT, '1'));
        SERVERS.add(EchoServer.start("be2", OTHER_PORT, '2'));
        SERVERS.add(EchoServer.start("", OTHER_PORT, 'H'));
    }

    @AfterAll
    static void stop() throws Exception {
        for (EchoServer server : SERVERS) {
            server.close();
        }
        Lab.sh("sysctl -qw net.ipv6.icmp.ratelimit=1000");
    }

    private static String[] backends(int port, int... servers) {
        return Arrays.stream(servers)
                .boxed()
                .flatMap(server ->
                        List.of("10.1.0." + (server + 1) + ":" + port, "[fd02::" + (server + 1) + "]:" + port).stream())
                .toArray(String[]::new);
    }

    private static States web() {
        return new States().name("web", VIPS.get(0), VIPS.get(1));
    }

    private static State together(int... servers) {
        return web().service(States.name("web"), Protocol.TCP, 8080, TOGETHER, backends(8080, servers))
                .service(States.name("web"), Protocol.TCP, OTHER_PORT, TOGETHER, backends(OTHER_PORT, servers))
                .build();
    }

    private static State alone(Balancing balancing) {
        return web().service(States.name("web"), Protocol.TCP, 80, balancing, backends(8080, 1, 2))
                .build();
    }

    private static String services() {
        return Lab.sorted(Lab.sh("ipvsadm -Sn | { grep -v 1815374946 || true; }"));
    }

    @Test
    void aClientHasOneServerAtAllPortsOfAMark() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            assertEquals(Set.of(), sync.apply(together(1, 2)));
            assertEquals("""
                    -A -f 17 -6 -s rr -p 60
                    -A -f 17 -s rr -p 60
                    -a -f 17 -6 -r [fd02::2]:0 -m -w 1
                    -a -f 17 -6 -r [fd02::3]:0 -m -w 1
                    -a -f 17 -r 10.1.0.2:0 -m -w 1
                    -a -f 17 -r 10.1.0.3:0 -m -w 1""", services());
            TreeSet<Character> seen = new TreeSet<>();
            for (String client : CLIENTS) {
                for (String vip : VIPS) {
                    String message = "from '" + client + "' to " + vip;
                    char server = Client.ask(client, vip, 8080);
                    seen.add(server);
                    assertEquals(server, Client.ask(client, vip, OTHER_PORT), message);
                    assertEquals(server, Client.ask(client, vip, 8080), message);
                    assertEquals('X', Client.ask(client, vip, 80), message + ": no port of the mark");
                    assertTrue(Client.isUdpUnreachable(client, vip, 8080), message + ": of TCP only");
                }
            }
            assertEquals("[1, 2]", seen.toString());
            assertEquals(Map.of(), sync.audit());
            // The plan in ipvsadm's words makes the same table elsewhere.
            Path plan = Files.writeString(directory.resolve("plan"), sync.plan());
            String made = Lab.sh("ip netns add made; ip -n made link set lo up; ip netns exec made ipvsadm -R < " + plan
                    + "; ip netns exec made ipvsadm -Sn; ip netns del made");
            assertEquals(Lab.ipvsadm(), Lab.sorted(made));
            List<ServiceCounters> counted = sync.counters("web.marathon", 10);
            assertEquals(2, counted.size(), counted::toString);
            assertEquals(
                    "web.marathon.l4lb.thisdcos.directory:8080,9001",
                    counted.get(0).name());
            assertEquals(17, counted.get(0).fwmark());
            assertEquals(2, counted.get(0).servers().size());
            Lab.witness("fwmark 17: ports 8080 and 9001 of " + VIPS + " are one persistent service; its servers answer "
                    + seen + " to host, router and backend");
        }
        try (IpvsSync again = Lab.open(directory, IpvsMode.ON)) {
            again.apply(together(1, 2));
            assertEquals(0, again.status().writes());
            Lab.sh("ipvsadm -D -f 17; ipvsadm -e -f 17 -6 -r [fd02::2]:0 -m -w 7; nft delete table inet l4lb");
            assertFalse(again.audit().isEmpty());
            assertEquals(Map.of(), again.audit());
            assertTrue("12".indexOf(Client.ask("cl", VIPS.get(0), OTHER_PORT)) >= 0);
            again.apply(together());
            for (String client : CLIENTS) {
                for (String vip : VIPS) {
                    assertEquals('X', Client.ask(client, vip, 8080), "without servers");
                }
            }
            Lab.witness("fwmark: a restart writes nothing; what somebody removes or changes comes back in one audit");
        }
    }

    @Test
    void aLonePortWithAMarkMapsItAndChangesToAndFroUnderLoad() throws Exception {
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicInteger asked = new AtomicInteger();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON, Duration.ofMinutes(10))) {
            sync.apply(alone(LONE));
            assertEquals("""
                    -A -f 18 -6 -s rr
                    -A -f 18 -s rr
                    -a -f 18 -6 -r [fd02::2]:8080 -m -w 1
                    -a -f 18 -6 -r [fd02::3]:8080 -m -w 1
                    -a -f 18 -r 10.1.0.2:8080 -m -w 1
                    -a -f 18 -r 10.1.0.3:8080 -m -w 1""", services());
            List<Thread> clients = CLIENTS.stream()
                    .map(client -> new Thread(() -> {
                        while (running.get()) {
                            for (String vip : VIPS) {
                                try {
                                    char server = Client.ask(client, vip, 80);
                                    if ("12".indexOf(server) < 0) {
                                        failures.add(client + " to " + vip + ": " + server);
                                    }
                                } catch (IOException e) {
                                    failures.add(client + " to " + vip + ": " + e);
                                }
                                asked.incrementAndGet();
                            }
                        }
                    }))
                    .toList();
            try (Client open = Client.connect("cl", VIPS.get(0), 80)) {
                clients.forEach(Thread::start);
                for (int round = 0; round < 6; round++) {
                    int before = asked.get();
                    sync.apply(alone(round % 2 == 0 ? ROUND_ROBIN : LONE));
                    long end = System.nanoTime() + PATIENCE.toNanos();
                    while (asked.get() < before + 12) {
                        assertTrue(System.nanoTime() < end);
                        Thread.sleep(5);
                    }
                }
                running.set(false);
                for (Thread client : clients) {
                    client.join();
                }
                assertEquals(List.of(), List.copyOf(failures));
                assertTrue(open.echoes());
            }
            Lab.witness("fwmark: " + asked + " connections while a service gets a mark and loses it, 0 failed");
        } finally {
            running.set(false);
        }
    }

    @Test
    void aServerThatGoesDrainsAndSoDoesTheService() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON, Duration.ofMinutes(10))) {
            sync.apply(together(1, 2));
            try (Client open = Client.connect("cl", VIPS.get(0), OTHER_PORT)) {
                int gone = open.server() - '0';
                sync.apply(together(3 - gone));
                assertEquals('0' + 3 - gone, Client.ask("cl", VIPS.get(0), OTHER_PORT), "new ones go elsewhere");
                assertTrue(open.echoes());
                sync.apply(new States().build());
                assertTrue(open.echoes());
                for (String client : CLIENTS) {
                    assertEquals('X', Client.ask(client, VIPS.get(0), OTHER_PORT), client);
                }
                assertTrue(open.echoes());
                assertTrue(services().contains("-A -f 17 -s rr"));
                assertEquals("fwmark 17", sync.status().drains().get(0).service());
            }
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!services().isEmpty()) {
                assertTrue(
                        System.nanoTime() < end,
                        () -> sync.status() + "\n" + Lab.sh("ipvsadm -Ln; cat /proc/net/ip_vs_conn"));
                Thread.sleep(20);
            }
            Lab.witness("fwmark: an open connection outlives its server's and its service's end; then nothing is left");
        }
    }

    @Test
    void whatSomebodyElseHasForAMarkIsNeverTouched() throws Exception {
        Lab.sh("ipvsadm -A -f 17 -s rr; ipvsadm -a -f 17 -r 10.9.9.9:0 -m; ipvsadm -A -f 99 -s wlc");
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(together(1, 2));
            assertEquals(Map.of(), sync.audit());
            assertTrue(services().contains("-a -f 17 -r 10.9.9.9:0 -m -w 1"), services());
            assertTrue("12".indexOf(Client.ask("cl", VIPS.get(0), 8080)) >= 0, "served without the mark");
            Lab.sh("ipvsadm -D -f 17");
            sync.audit();
            assertTrue(services().contains("-a -f 17 -r 10.1.0.2:0 -m -w 1"), services());
            assertTrue("12".indexOf(Client.ask("cl", VIPS.get(0), 8080)) >= 0);
            assertEquals(Map.of(), sync.audit());
        }
        try (IpvsFlush flush = IpvsFlush.open(directory, Duration.ofSeconds(10))) {
            assertTrue(flush.find().toString().contains("-A -f 17 -s rr -p 60 (2 destinations)"));
            flush.remove();
        }
        assertEquals("-A -f 99 -s wlc", Lab.ipvsadm());
        Lab.witness(
                "26: a foreign service for a mark is untouched, ours takes its turn when it goes; flush takes ours only");
    }
}
