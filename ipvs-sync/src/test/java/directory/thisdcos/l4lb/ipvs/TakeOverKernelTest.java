package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel as dcos-net leaves it becomes ours while clients talk through it all the time. */
@Tag("kernel")
class TakeOverKernelTest {
    private static final String FOUR = "11.0.0.1";
    private static final String SIX = "fd01:c::1";
    private static final int ECHOES = 50;

    @RegisterExtension
    static final SharedLabNet LAB = new SharedLabNet(2);

    @TempDir
    private Path directory;

    private final List<Talk> talks = new ArrayList<>();

    @AfterEach
    void end() throws IOException {
        for (Talk talk : talks) {
            talk.close();
        }
        removeItsNetwork();
        removeItsRules();
    }

    /**
     * Services wlc, NAT; a dummy interface with a route for each address; one rule that masquerades, of IPv4 alone; one
     * that keeps host ports away from services (there with an ipset, which is one address here).
     */
    private static void asDcosNetDoes(int conntrack) {
        Lab.sh("""
                modprobe ip_vs_wlc
                sysctl -qw net.ipv4.vs.conntrack=%d
                ip link add minuteman type dummy; ip link set minuteman up
                ip route add local 11.0.0.1/32 dev minuteman table local proto boot scope host
                ip -6 route add local fd01:c::1/128 dev lo table local
                ip -6 route add fd01:c::1/128 dev minuteman table main
                iptables -w -A FORWARD -j ACCEPT
                iptables -w -t nat -I POSTROUTING -m ipvs --ipvs --vdir ORIGINAL --vmethod MASQ -j MASQUERADE
                for chain in OUTPUT PREROUTING; do iptables -w -t nat -I $chain -d 11.0.0.1 -p tcp --dport 80 -j RETURN; done
                for vip in '-t 11.0.0.1:80' '-t [fd01:c::1]:80' '-u 11.0.0.1:53'; do ipvsadm -A $vip -s wlc; done
                for i in 2 3; do
                  ipvsadm -a -t 11.0.0.1:80 -r 10.1.0.$i:8080 -m -w 1
                  ipvsadm -a -t [fd01:c::1]:80 -r [fd02::$i]:8080 -m -w 1
                  ipvsadm -a -u 11.0.0.1:53 -r 10.1.0.$i:53 -m -w 1
                done
                """.formatted(conntrack));
    }

    private static void removeItsNetwork() {
        Lab.sh("""
                ip link del minuteman 2>/dev/null || true
                ip -6 route del local fd01:c::1/128 dev lo table local proto boot 2>/dev/null || true
                """);
    }

    private static void removeItsRules() {
        Lab.sh("""
                iptables -w -D FORWARD -j ACCEPT 2>/dev/null || true
                iptables -w -t nat -D POSTROUTING -m ipvs --ipvs --vdir ORIGINAL --vmethod MASQ -j MASQUERADE \
                  2>/dev/null || true
                for chain in OUTPUT PREROUTING; do
                  iptables -w -t nat -D $chain -d 11.0.0.1 -p tcp --dport 80 -j RETURN 2>/dev/null || true
                done
                """);
    }

    private static State same() {
        return new States()
                .name("web", FOUR, SIX)
                .tcp("web", 80, "10.1.0.2:8080", "10.1.0.3:8080", "[fd02::2]:8080", "[fd02::3]:8080")
                .service(States.name("web"), Protocol.UDP, 53, "10.1.0.2:53", "10.1.0.3:53")
                .build();
    }

    private void allGoOn(String when) throws InterruptedException {
        List<String> failures = new ArrayList<>();
        for (Talk talk : talks) {
            String failure = talk.hears(ECHOES);
            if (!failure.isEmpty()) {
                failures.add(failure);
            }
        }
        assertEquals(List.of(), failures, when);
    }

    /** With the setting that dcos-net makes, and without, as where somebody else has taken it back. */
    @ParameterizedTest
    @ValueSource(ints = {1, 0})
    void noConnectionOfTheHostOrOfOthersIsLost(int conntrack) throws Exception {
        asDcosNetDoes(conntrack);
        for (String namespace : List.of("", "cl")) {
            for (String ip : List.of(FOUR, SIX)) {
                talks.add(Talk.begin(namespace, ip, 80));
                talks.add(Talk.begin(namespace, ip, 80));
            }
        }
        allGoOn("before");
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(same());
            allGoOn("taken over");
            removeItsNetwork();
            allGoOn("without its routes");
            assertEquals(Map.of(), sync.audit());
            removeItsRules();
            allGoOn("without its rules");
            for (String ip : List.of(FOUR, SIX)) {
                for (String namespace : List.of("", "cl")) {
                    assertTrue("12".indexOf(Client.ask(namespace, ip, 80)) >= 0, "new ones are served");
                }
            }
            allGoOn("beside new ones");
        }
        Lab.witness("took over dcos-net's services, vs.conntrack=" + conntrack + ": " + talks.size()
                + " open connections of the host and of another, IPv4 and IPv6, talk on without its routes and rules");
    }
}
