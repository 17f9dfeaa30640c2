package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A policy of FORWARD that drops loses answers to containers and other hosts: it is reported. */
@Tag("kernel")
class ForwardPolicyKernelTest {
    @RegisterExtension
    static final SharedLabNet LAB = new SharedLabNet(1);

    @TempDir
    private Path directory;

    @Test
    void aForwardPolicyThatDropsIsReportedWithAFixThatHelps() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
        Lab.sh("nft add table ip filter;"
                + "nft add chain ip filter FORWARD '{ type filter hook forward priority 0; policy drop; }'");
        try (IpvsSync sync = Lab.open(directory, problems, registry)) {
            sync.apply(new States()
                    .name("web", "11.0.0.1")
                    .tcp("web", 80, "10.1.0.2:8080")
                    .build());
            Problem problem = problems.entries().get(0).problem();
            assertEquals("forward-drop", problem.kind());
            assertTrue(problem.subject().contains("filter FORWARD"), problem::subject);
            assertEquals('1', Client.ask("", "11.0.0.1", 80), "this host's own clients are not concerned");
            Lab.sh("nft add rule ip filter FORWARD ct state established,related accept");
            assertEquals('1', Client.ask("cl", "11.0.0.1", 80));
            Lab.sh("nft delete table ip filter");
            assertEquals(Map.of(), sync.audit());
            assertEquals(List.of(), problems.entries());
            Lab.witness("Docker's FORWARD DROP is seen: " + problem.subject() + " " + problem.message());
        } finally {
            Lab.sh("nft delete table ip filter 2>/dev/null || true");
        }
    }

    @Test
    void aPolicyOfIptablesLegacyIsSeenToo() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
        try (IpvsSync sync = Lab.open(directory, problems, registry)) {
            sync.apply(new States()
                    .name("web", "11.0.0.1")
                    .tcp("web", 80, "10.1.0.2:8080")
                    .build());
            assertEquals(List.of(), problems.entries());
            Lab.sh("iptables-legacy -P FORWARD DROP; iptables-legacy -A FORWARD -p udp -j ACCEPT;"
                    + "ip6tables-legacy -P FORWARD DROP");
            assertEquals(Map.of(), sync.audit());
            assertEquals(
                    List.of("ip6tables-legacy FORWARD", "iptables-legacy FORWARD"),
                    problems.entries().stream()
                            .map(entry -> entry.problem().subject())
                            .sorted()
                            .toList());
            Lab.sh("iptables-legacy -I FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT");
            assertEquals('1', Client.ask("cl", "11.0.0.1", 80));
            Lab.sh("iptables-legacy -P FORWARD ACCEPT; ip6tables-legacy -P FORWARD ACCEPT; iptables-legacy -F FORWARD");
            assertEquals(Map.of(), sync.audit());
            assertEquals(List.of(), problems.entries());
            Lab.witness("FORWARD DROP of iptables-legacy and ip6tables-legacy is seen, and that it is over");
        } finally {
            Lab.sh("iptables-legacy -P FORWARD ACCEPT; ip6tables-legacy -P FORWARD ACCEPT; iptables-legacy -F FORWARD");
        }
    }
}
