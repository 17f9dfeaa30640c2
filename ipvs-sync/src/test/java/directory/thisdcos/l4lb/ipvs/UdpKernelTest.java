package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** UDP clients that keep their socket: bound to one server, or scheduled datagram by datagram. */
@Tag("kernel")
class UdpKernelTest {
    private static final int TIMEOUT_MILLIS = 3000;
    private static final int DATAGRAMS = 12;

    @RegisterExtension
    static final SharedLabNet LAB = new SharedLabNet(2);

    @TempDir
    private Path directory;

    private static State dns(Balancing balancing, String... backends) {
        return new States()
                .name("dns", "11.0.0.1")
                .service(States.name("dns"), Protocol.UDP, 53, balancing, backends)
                .build();
    }

    @Test
    void aKeptSocketGoesToAnotherServerWhenItsOwnIsRemoved() throws Exception {
        Balancing rr = Balancing.of(Scheduler.RR);
        try (UdpServer one = UdpServer.start("be1", 5300, "one");
                UdpServer two = UdpServer.start("be2", 5300, "two");
                IpvsSync sync = Lab.open(Lab.settings(directory, IpvsMode.ON)
                        .withDrain(new DrainLimits(Duration.ofSeconds(30), Duration.ofMillis(100))))) {
            assertTrue(one != two);
            for (String client : List.of("cl", "")) {
                sync.apply(dns(rr, "10.1.0.2:5300", "10.1.0.3:5300"));
                try (UdpClient socket = UdpClient.open(client, "11.0.0.1", 53, 0, TIMEOUT_MILLIS)) {
                    String first = socket.ask();
                    for (int i = 0; i < DATAGRAMS; i++) {
                        assertEquals(first, socket.ask(), "it stays with its server");
                    }
                    boolean firstIsOne = first.equals("one");
                    sync.apply(dns(rr, firstIsOne ? "10.1.0.3:5300" : "10.1.0.2:5300"));
                    awaitNoDrains(sync);
                    int lost = 0;
                    String now = "";
                    while (now.isEmpty()) {
                        try {
                            now = socket.ask();
                        } catch (IOException e) {
                            lost++;
                            assertTrue(lost <= 1, "lost " + lost + ": " + e);
                        }
                    }
                    assertEquals(firstIsOne ? "two" : "one", now);
                    Lab.witness("11, R7: from '" + client + "': the server of a kept socket was removed, " + lost
                            + " datagrams lost, then " + now);
                }
            }
        }
    }

    @Test
    void onePacketSchedulingTakesEachDatagramByItself() throws Exception {
        try (UdpServer one = UdpServer.start("be1", 5300, "one");
                UdpServer two = UdpServer.start("be2", 5300, "two");
                IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(dns(Balancing.of(Scheduler.RR).withOnePacket(true), "10.1.0.2:5300", "10.1.0.3:5300"));
            assertTrue(Lab.ipvsadm().contains("-A -u 11.0.0.1:53 -s rr -o"), Lab::ipvsadm);
            // The kernel does not translate answers here (ip_vs_nfct.c: "Never alter conntrack for OPS conns").
            try (UdpClient socket = UdpClient.open("cl", "11.0.0.1", 53, 0, TIMEOUT_MILLIS)) {
                for (int i = 0; i < DATAGRAMS; i++) {
                    socket.send();
                }
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (one.received() + two.received() < DATAGRAMS) {
                assertTrue(System.nanoTime() < deadline, () -> one.received() + " and " + two.received());
                Thread.sleep(20);
            }
            assertEquals(List.of(DATAGRAMS / 2, DATAGRAMS / 2), List.of(one.received(), two.received()));
            Lab.witness("12: one-packet scheduling: the datagrams of one socket go to both servers in turn");
        }
    }

    private static void awaitNoDrains(IpvsSync sync) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!sync.status().drains().isEmpty()) {
            assertTrue(System.nanoTime() < deadline, "still draining after a minute");
            Thread.sleep(20);
        }
    }
}
