package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of us when we are asked to go, and what we make of somebody else's table. */
@Tag("kernel")
class FlushKernelTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    @BeforeEach
    void clean() {
        Lab.clean();
    }

    private static State state() {
        return new States()
                .name("web", "11.0.0.1", "fd01:c::1")
                .tcp("web", 80, "10.1.0.2:8080", "[fd02::2]:8080")
                .fixed("3.3.0.6", 3306, "10.1.0.4:3306")
                .build();
    }

    @Test
    void removesExactlyWhatIsOurs() throws Exception {
        Lab.sh("ipvsadm -A -t 192.168.9.9:80 -s rr; ipvsadm -A -f 99 -s rr; nft add table inet other;"
                + "ip route add local 192.168.9.9/32 dev lo table local");
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(state());
            IpvsException running = assertThrows(IpvsException.class, () -> IpvsFlush.open(directory, TIMEOUT));
            assertTrue(String.valueOf(running.getMessage()).contains("another l4lb process"));
        }
        try (IpvsFlush flush = IpvsFlush.open(directory, TIMEOUT)) {
            List<String> found = flush.find();
            Lab.witness("l4lb ipvs flush finds " + found);
            assertEquals(9, found.size(), found.toString());
            assertTrue(Lab.ipvsadm().contains("11.0.0.1:80"), "looking removes nothing");
            flush.remove();
            assertEquals(List.of(), flush.find());
        }
        assertEquals("-A -f 99 -s rr\n-A -t 192.168.9.9:80 -s rr", Lab.ipvsadm());
        assertEquals("", Lab.sh("ip route show table local proto 76; ip -6 route show table local proto 76"));
        assertEquals("table inet other", Lab.sh("nft list tables").strip());
        assertTrue(Lab.sh("ip route show table local").contains("192.168.9.9"));
        Lab.sh("nft delete table inet other; ip route del local 192.168.9.9/32 dev lo table local");
    }

    /** As dcos-net leaves them: the same addresses and schedulers, a route per service on a dummy interface. */
    @Test
    void takesOverFromDcosNetWithoutLosingAConnection() throws Exception {
        LabNet net = LabNet.make(2);
        try {
            Lab.sh("""
                    sysctl -qw net.ipv4.vs.conntrack=1
                    ip link add minuteman type dummy; ip link set minuteman up
                    ip route add local 11.0.0.1/32 dev minuteman table local
                    iptables -w -t nat -I POSTROUTING -m ipvs --ipvs --vdir ORIGINAL --vmethod MASQ \
                      -j MASQUERADE 2>/dev/null || true
                    ipvsadm -A -t 11.0.0.1:80 -s wlc
                    ipvsadm -a -t 11.0.0.1:80 -r 10.1.0.2:8080 -m -w 1
                    ipvsadm -a -t 11.0.0.1:80 -r 10.1.0.3:8080 -m -w 1
                    """);
            State same = new States()
                    .name("web", "11.0.0.1")
                    .tcp("web", 80, "10.1.0.2:8080", "10.1.0.3:8080")
                    .build();
            try (Client one = Client.connect("cl", "11.0.0.1", 80);
                    Client two = Client.connect("cl", "11.0.0.1", 80);
                    IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
                sync.apply(same);
                Lab.sh("ip link del minuteman");
                assertEquals(Map.of(), sync.audit());
                assertTrue(one.echoes() && two.echoes(), "open connections live on");
                for (int i = 0; i < 6; i++) {
                    assertTrue("12".indexOf(Client.ask("cl", "11.0.0.1", 80)) >= 0);
                }
                assertTrue(one.echoes() && two.echoes());
                Lab.witness("took over dcos-net's services: open connections live, its interface is gone");
            }
        } finally {
            net.close();
        }
    }
}
