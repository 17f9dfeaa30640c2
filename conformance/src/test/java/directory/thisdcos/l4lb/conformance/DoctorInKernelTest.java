package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor sees what others have set up at our addresses. */
@Tag("kernel")
final class DoctorInKernelTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    @BeforeEach
    @AfterEach
    void clean() throws Exception {
        sh("ipvsadm -C; nft flush ruleset; iptables-legacy -t nat -F; iptables-legacy -P INPUT ACCEPT");
    }

    private static String sh(String script) throws Exception {
        return Shell.output("bash", "-c", script);
    }

    /** Findings that are not ok, of what others have. */
    private List<String> findings() throws Exception {
        Shell.Result result = Shell.run(
                Checkout.launcher().toString(),
                "doctor",
                "--data",
                temp.resolve("data").toString(),
                "--dns-listen",
                "127.0.0.1:0",
                "-o",
                "json");
        List<String> found = new ArrayList<>();
        for (JsonNode finding : new ObjectMapper().readTree(result.out())) {
            String check = finding.path("check").asText();
            boolean foreign = check.startsWith("foreign") || check.startsWith("packet filter");
            if (foreign && !finding.path("result").asText().equals("ok")) {
                assertTrue(!finding.path("fix").asText().isEmpty(), finding.toString());
                found.add(finding.path("result").asText() + " " + check + " "
                        + finding.path("detail").asText() + "; "
                        + finding.path("fix").asText());
            }
        }
        found.forEach(line -> System.out.println("WITNESS " + line));
        return found;
    }

    private static void one(List<String> found, String begin, String... parts) {
        List<String> those =
                found.stream().filter(line -> line.startsWith(begin)).toList();
        assertEquals(1, those.size(), begin + " in " + found);
        for (String part : parts) {
            assertTrue(those.get(0).contains(part), part + " in " + those);
        }
    }

    @Test
    void servicesOfOthersAtOurAddressesAreNamed() throws Exception {
        assertEquals(List.of(), findings());
        sh("ipvsadm -A -t 11.9.9.9:80; ipvsadm -A -u 192.168.9.9:53");
        one(findings(), "warning foreign IPVS services 11.9.9.9:80/tcp", "no node has worked here", "1 at other");
    }

    @Test
    void rulesThatTakeWhatIsForUsAreNamed() throws Exception {
        sh("nft add table ip proxy; nft add chain ip proxy pre '{ type nat hook prerouting priority -100; }';"
                + "nft add rule ip proxy pre ip daddr 11.0.0.0/8 tcp dport 80 dnat to 10.9.9.9;"
                + "nft add chain ip proxy in '{ type filter hook input priority 0; }';"
                + "nft add rule ip proxy in ip daddr 11.2.0.0/16 drop;"
                + "nft add chain ip proxy early '{ type nat hook output priority -150; }';"
                + "nft add rule ip proxy early ip daddr 11.3.0.0/16 tcp dport 80 redirect to 3128;"
                + "iptables -t nat -N KUBE-SERVICES; iptables -P FORWARD DROP;"
                + "iptables -t nat -A OUTPUT -d 11.4.4.4 -p tcp -j DNAT --to 10.9.9.9:1;"
                + "iptables-legacy -t nat -A OUTPUT -d 11.5.5.5 -p tcp -j DNAT --to 10.9.9.9:1;"
                + "iptables-legacy -P INPUT DROP");
        List<String> found = findings();
        one(found, "warning packet filter, ip proxy pre", "dnat", "nft delete rule ip proxy pre handle");
        one(found, "failure packet filter, ip proxy in", "11.2.0.0-11.2.255.255", "lost");
        one(found, "failure packet filter, ip proxy early", "redirect", "before l4lb's own rules");
        one(found, "warning packet filter, kube-proxy", "keep --pool apart");
        one(found, "warning packet filter, ip filter FORWARD", "ESTABLISHED");
        one(found, "warning packet filter, ip filter INPUT", "iptables -I INPUT -d POOL -j ACCEPT");
        assertTrue(found.stream().anyMatch(line -> line.contains("11.4.4.4") && line.contains("nft delete")));
        assertTrue(found.stream().anyMatch(line -> line.contains("iptables-legacy -t nat -D OUTPUT -d 11.5.5.5/32")));
        assertEquals(8, found.size(), found.toString());
    }
}
