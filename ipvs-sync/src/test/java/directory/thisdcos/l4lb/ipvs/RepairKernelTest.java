package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.ForwardingMethod;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to the kernel by hand is put right by one audit, and counted by kind. */
@Tag("kernel")
class RepairKernelTest {
    @TempDir
    private Path directory;

    private static final State STATE = new States()
            .name("web", "11.0.0.1", "fd01:c::1")
            .tcp("web", 80, "10.1.0.2:8080", "10.1.0.3:8080", "10.1.0.5:80", "[fd02::2]:8080")
            .name("empty", "11.0.0.2")
            .tcp("empty", 80)
            .fixed("3.3.0.6", 3306, "10.1.0.4:3306")
            .name("shop", "11.0.0.3")
            .service(States.name("shop"), Protocol.TCP, 80, Balancing.DEFAULT.withFwmark(17), "10.1.0.6:80")
            .build();

    private static final List<SyncDaemon> DAEMONS =
            List.of(SyncDaemon.parse("master:lo:7"), SyncDaemon.parse("backup:lo:8"));

    /** What is done by hand, and the repairs that it needs. */
    private static Map<String, Map<String, Integer>> mutations() {
        Map<String, Map<String, Integer>> all = new TreeMap<>();
        all.put("ipvsadm -C", Map.of("service-missing", 7, "destination-missing", 6));
        all.put("ipvsadm -e -t 11.0.0.1:80 -r 10.1.0.2:8080 -m -w 7", Map.of("destination-changed", 1));
        all.put("ipvsadm -e -t 11.0.0.1:80 -r 10.1.0.2:8080 -m -w 0", Map.of("destination-changed", 1));
        // ipvsadm itself insists on the same port for direct routing.
        all.put("ipvsadm -e -t 11.0.0.1:80 -r 10.1.0.5:80 -g -w 1", Map.of("destination-changed", 1));
        all.put("ipvsadm -e -t 11.0.0.1:80 -r 10.1.0.2:8080 -m -w 1 -x 100 -y 50", Map.of("destination-changed", 1));
        all.put("ipvsadm -d -t 11.0.0.1:80 -r 10.1.0.2:8080", Map.of("destination-missing", 1));
        all.put("ipvsadm -a -t 11.0.0.1:80 -r 10.1.0.77:8080 -m", Map.of("destination-unknown", 1));
        all.put("ipvsadm -E -t 11.0.0.1:80 -s rr", Map.of("service-changed", 1));
        all.put("ipvsadm -E -t 11.0.0.1:80 -s wlc -p 60", Map.of("service-changed", 1));
        all.put("ipvsadm -D -t 11.0.0.1:80", Map.of("service-missing", 1, "destination-missing", 3));
        all.put("ipvsadm -D -t [fd01:c::1]:80", Map.of("service-missing", 1, "destination-missing", 1));
        all.put("ipvsadm -D -f 1815374946", Map.of("service-missing", 1));
        all.put("ipvsadm -D -f 17", Map.of("service-missing", 1, "destination-missing", 1));
        all.put("ipvsadm -E -f 17 -s rr", Map.of("service-changed", 1));
        all.put("ipvsadm -e -f 17 -r 10.1.0.6:0 -m -w 7", Map.of("destination-changed", 1));
        all.put("nft delete element inet l4lb marks4 '{ 11.0.0.3 . tcp . 80 }'", Map.of("nftables", 1));
        all.put("nft flush chain inet l4lb mark_output", Map.of("nftables", 1));
        all.put("ip route del local 11.0.0.0/8 table local", Map.of("route", 1));
        all.put("ip -6 route del local fd01:c::/64 table local", Map.of("route", 1));
        all.put("ip route del local 3.3.0.6 table local", Map.of("route", 1));
        all.put("ip route add local 3.3.0.7/32 dev lo table local proto 76", Map.of("route", 1));
        all.put("nft delete table inet l4lb", Map.of("nftables", 1));
        all.put("nft flush chain inet l4lb guard", Map.of("nftables", 1));
        all.put("nft add element inet l4lb vips4 '{ 9.9.9.9 }'", Map.of("nftables", 1));
        all.put("nft flush set inet l4lb idle4", Map.of("nftables", 1));
        all.put("nft delete element inet l4lb idle4 '{ 11.0.0.2 . tcp . 80 }'", Map.of("nftables", 1));
        all.put("nft add element inet l4lb idle4 '{ 11.0.0.1 . tcp . 80 }'", Map.of("nftables", 1));
        all.put("nft insert rule inet l4lb guard accept", Map.of("nftables", 1));
        all.put("nft add chain inet l4lb more", Map.of("nftables", 1));
        all.put("nft add table inet l4lb '{ flags dormant; }'", Map.of("nftables", 1));
        all.put("nft chain inet l4lb guard '{ policy drop; }'", Map.of("nftables", 1));
        all.put("ipvsadm --set 100 50 20", Map.of("timeouts", 1));
        all.put("ipvsadm --stop-daemon master", Map.of("sync-daemon", 1));
        all.put(
                "ipvsadm --stop-daemon backup; ipvsadm --start-daemon backup --mcast-interface lo --syncid 9",
                Map.of("sync-daemon", 1));
        all.put("sysctl -qw net.ipv4.vs.conntrack=0", Map.of("sysctl", 1));
        all.put("sysctl -qw net.ipv4.vs.expire_nodest_conn=0", Map.of("sysctl", 1));
        return all;
    }

    @Test
    void repairsWhatWasChangedByHand() throws Exception {
        Lab.clean();
        Timeouts timeouts = new Timeouts(Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofSeconds(30));
        try (IpvsSync sync = Lab.open(Lab.settings(directory, IpvsMode.ON)
                .withKernel(new KernelSettings(timeouts, ForeignServices.REPORT, DAEMONS, 0, NamespaceSources.NONE)))) {
            sync.apply(STATE);
            assertTrue(Lab.sh("ipvsadm -l --timeout").contains("600 60 30"));
            String right = everything();
            mutations().forEach((command, repairs) -> {
                Lab.sh(command);
                Map<String, Integer> done = sync.audit();
                assertEquals(right, everything(), command);
                assertEquals(new TreeMap<>(repairs), done, command);
                assertEquals(Map.of(), sync.audit(), command);
                Lab.witness(command + " -> repaired " + done);
            });
        }
    }

    @Test
    void aForeignServiceInAPoolStaysOrGoesAfterTwoSightings() throws Exception {
        Lab.clean();
        String add = "ipvsadm -A -t 11.0.0.99:81 -s rr";
        try (IpvsSync sync = Lab.open(Lab.settings(directory, IpvsMode.ON))) {
            sync.apply(STATE);
            Lab.sh(add);
            for (int i = 0; i < 20; i++) {
                assertEquals(Map.of(), sync.audit());
            }
            assertTrue(Lab.ipvsadm().contains("-A -t 11.0.0.99:81 -s rr"));
        }
        try (IpvsSync sync = Lab.open(Lab.settings(directory, IpvsMode.ON))) {
            sync.apply(STATE);
            assertTrue(Lab.ipvsadm().contains("-A -t 11.0.0.99:81 -s rr"), "a restart does not adopt it");
        }
        Lab.witness("25, R15: " + add + " inside a pool stays for 20 audits and a restart with the policy report");
        try (IpvsSync sync = Lab.open(Lab.settings(directory, IpvsMode.ON)
                .withKernel(new KernelSettings(Timeouts.KERNEL, ForeignServices.REMOVE, 0)))) {
            sync.apply(STATE);
            assertTrue(!Lab.ipvsadm().contains("11.0.0.99:81"), "it was seen before");
            Lab.sh("ipvsadm -A -t 11.0.0.98:81 -s rr");
            assertEquals(Map.of(), sync.audit());
            assertTrue(Lab.ipvsadm().contains("11.0.0.98:81"));
            assertEquals(Map.of("service-unknown", 1), sync.audit());
            assertTrue(!Lab.ipvsadm().contains("11.0.0.98:81"));
            Lab.witness("25, R15: with the policy remove it goes with the second audit that sees it");
        }
    }

    private static String kinds(ProblemBoard problems) {
        return problems.entries().stream()
                .map(entry -> entry.problem().kind())
                .toList()
                .toString();
    }

    @Test
    void aSyncDaemonAndServersOfTheOtherFamilyExcludeEachOther() throws Exception {
        Lab.clean();
        States web = new States().name("web", "11.0.0.1", "fd01:c::1").tcp("web", 81, "10.1.0.2:8080");
        State plain = web.build();
        State mixed = web.service(
                        States.name("web"),
                        Protocol.TCP,
                        80,
                        Balancing.DEFAULT.withMethod(ForwardingMethod.IPIP, 0),
                        "10.1.0.2:80")
                .build();
        String server = "-a -t [fd01:c::1]:80 -r 10.1.0.2:80 -i -w 1";
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(mixed);
            assertTrue(Lab.ipvsadm().contains(server), Lab.ipvsadm());
        }
        PrometheusRegistry registry = new PrometheusRegistry();
        ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
        IpvsSettings settings = Lab.settings(directory, IpvsMode.ON)
                .withKernel(new KernelSettings(
                        Timeouts.KERNEL, ForeignServices.REPORT, DAEMONS.subList(0, 1), 0, NamespaceSources.NONE));
        try (IpvsSync sync = IpvsSync.open(settings, registry, problems)) {
            sync.apply(mixed);
            for (int i = 0; i < 3; i++) {
                assertEquals("[sync-daemon]", kinds(problems));
                assertEquals("", Lab.sh("ipvsadm -l --daemon").strip());
                assertEquals(Map.of(), sync.audit());
            }
            assertTrue(Lab.ipvsadm().contains(server), "it keeps its connections");
            sync.apply(plain);
            assertEquals(Map.of("sync-daemon", 1), sync.audit());
            assertEquals("[]", kinds(problems));
            assertTrue(Lab.sh("ipvsadm -l --daemon").contains("master sync daemon (mcast=lo, syncid=7"));
            sync.apply(mixed);
            assertEquals("[ipvs]", kinds(problems));
            String refusal = problems.entries().get(0).problem().message();
            assertTrue(refusal.contains("while it runs a connection-sync daemon"), refusal);
            Lab.sh("ipvsadm --stop-daemon master; ipvsadm -a -t [fd01:c::1]:80 -r 10.1.0.2:80 -i");
            sync.audit();
            assertEquals("[sync-daemon]", kinds(problems));
            Lab.witness(
                    "58: the daemon and a server of the other family refuse each other, visibly, in either order; what"
                            + " was refused is tried again by each audit");
        }
        Lab.clean();
    }

    private static String everything() {
        return Lab.sh("ipvsadm -Sn | sort; ipvsadm -Ln --thresholds | sort; ipvsadm -l --timeout; ipvsadm -l --daemon;"
                + "ip route show table local proto 76; ip -6 route show table local proto 76;"
                + "nft -s list table inet l4lb | sort; sysctl net.ipv4.vs.conntrack net.ipv4.vs.expire_nodest_conn");
    }
}
