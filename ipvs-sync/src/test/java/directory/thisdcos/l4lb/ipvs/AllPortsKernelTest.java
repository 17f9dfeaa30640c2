package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A service for all ports of an address, beside one for a single port. Each client stays with its server. */
@Tag("kernel")
class AllPortsKernelTest {
    private static final int OTHER_PORT = 9001;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final SharedLabNet LAB = new SharedLabNet(2);

    @TempDir
    private Path directory;

    private static State state(int... servers) {
        String[] backends = Arrays.stream(servers)
                .boxed()
                .flatMap(server -> Stream.of("10.1.0." + (server + 1) + ":8080", "[fd02::" + (server + 1) + "]:8080"))
                .toArray(String[]::new);
        return new States()
                .name("web", "11.0.0.1", "fd01:c::1")
                .service(
                        States.name("web"),
                        Protocol.TCP,
                        ServiceKey.ALL_PORTS,
                        Balancing.of(Scheduler.RR).withPersistence(60),
                        backends)
                .tcp("web", 80, "10.1.0.2:8080")
                .build();
    }

    @Test
    void everyPortOfTheAddressReachesOneServerAtThatPort() throws Exception {
        List<EchoServer> servers =
                List.of(EchoServer.start("be1", OTHER_PORT, '1'), EchoServer.start("be2", OTHER_PORT, '2'));
        try {
            try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
                sync.apply(state(1, 2));
                assertEquals("""
                        -A -t 11.0.0.1:0 -s rr -p 60
                        -A -t 11.0.0.1:80 -s wlc
                        -a -t 11.0.0.1:0 -r 10.1.0.2:0 -m -w 1
                        -a -t 11.0.0.1:0 -r 10.1.0.3:0 -m -w 1
                        -a -t 11.0.0.1:80 -r 10.1.0.2:8080 -m -w 1""", Lab.sorted(Lab.sh("ipvsadm -Sn | grep -- '-t 11'")));
                for (String client : new String[] {"cl", ""}) {
                    for (String ip : new String[] {"11.0.0.1", "fd01:c::1"}) {
                        char server = Client.ask(client, ip, 8080);
                        assertTrue("12".indexOf(server) >= 0, client + " to " + ip + ": " + server);
                        assertEquals(server, Client.ask(client, ip, OTHER_PORT), "the same client's server");
                        assertEquals('X', Client.ask(client, ip, 9), "the server has no such port");
                    }
                    assertEquals('1', Client.ask(client, "11.0.0.1", 80), "a port with a service of its own");
                    assertTrue(Client.isUdpUnreachable(client, "11.0.0.1", 8080), "of TCP only");
                }
                assertEquals(Map.of(), sync.audit());
                Lab.witness("port 0: all ports of 11.0.0.1 and fd01:c::1 but 80 reach one server, at the same port");
            }
            try (IpvsSync again = Lab.open(directory, IpvsMode.ON)) {
                again.apply(state(1, 2));
                assertEquals(0, again.status().writes());
                again.apply(state());
                assertEquals('X', Client.ask("cl", "11.0.0.1", 8080), "without servers");
                assertEquals('X', Client.ask("", "11.0.0.1", 8080), "without servers");
                assertEquals('1', Client.ask("cl", "11.0.0.1", 80));
            }
        } finally {
            for (EchoServer server : servers) {
                server.close();
            }
        }
    }

    @Test
    void aClientThatPersistsLeavesAServerThatDrainsButNotWithItsOpenConnection() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON, Duration.ofMinutes(10))) {
            sync.apply(state(1, 2));
            try (Client open = Client.connect("cl", "11.0.0.1", 8080)) {
                assertEquals(open.server(), Client.ask("cl", "11.0.0.1", 8080));
                int gone = open.server() - '0';
                char other = (char) ('0' + 3 - gone);
                sync.apply(state(3 - gone));
                assertEquals(other, Client.ask("cl", "11.0.0.1", 8080), "new connections go to the other server");
                assertTrue(open.echoes());
                assertEquals(
                        1,
                        sync.status().drains().stream()
                                .filter(drain -> drain.server().ip().isV4())
                                .count());
            }
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!sync.status().drains().isEmpty()) {
                assertTrue(System.nanoTime() < end, () -> Lab.sh("ipvsadm -Ln; ipvsadm -Lnc"));
                Thread.sleep(20);
            }
            Lab.witness("port 0, persistent: a server drains, its client's new connections go elsewhere at once");
        }
    }
}
