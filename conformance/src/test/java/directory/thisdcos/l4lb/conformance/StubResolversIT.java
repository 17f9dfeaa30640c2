package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A machine whose resolver we become, asked through the stub resolvers that programs have. */
final class StubResolversIT {
    private static final String VIP = "my-service.marathon.l4lb.thisdcos.directory";

    @Test
    void everyStubResolverGetsTheSameAnswers() throws Exception {
        assumeTrue(Shell.run("unshare", "--net", "--mount", "true").exitCode() == 0, "needs root");
        Path lab = Checkout.root().resolve("conformance/stub-resolvers/lab");
        Shell.Result result = Shell.run(lab.toString());
        assertEquals(0, result.exitCode(), result.err());
        List<String> lines = result.out().lines().toList();
        assertTrue(lines.contains("installed: wrote /etc/resolv.conf"), result.out());
        assertTrue(lines.contains("nameserver 198.51.100.1"), result.out());
        assertEquals(
                List.of("restored: brought back /etc/resolv.conf", "nameserver 10.0.0.2", "search example.org"),
                lines.subList(lines.size() - 3, lines.size()));
        Map<String, Map<String, Set<String>>> clients = clients(lines);
        assertTrue(clients.keySet().containsAll(List.of("glibc", "jvm")), clients.toString());
        clients.forEach((client, answers) -> check(client, answers));
    }

    private static void check(String client, Map<String, Set<String>> answers) {
        Set<String> address = answers.getOrDefault(VIP, Set.of());
        assertTrue(address.size() == 1 && address.iterator().next().startsWith("11."), client + ": " + address);
        Set<String> both = Set.of("192.0.2.10", "2001:db8::10");
        assertEquals(both, answers.get("www.example.org"), client);
        assertEquals(both, answers.get("www"), client + ", by the search list");
        assertEquals(address, answers.get("db.example.org"), client + ", an alias elsewhere to a name of ours");
        assertEquals(Set.of("none"), answers.get("nope.example.org"), client);
        assertEquals(Set.of("none"), answers.get("nope.marathon.l4lb.thisdcos.directory"), client);
    }

    private static Map<String, Map<String, Set<String>>> clients(List<String> lines) {
        Map<String, Map<String, Set<String>>> clients = new TreeMap<>();
        Map<String, Set<String>> current = new TreeMap<>();
        for (String line : lines) {
            if (line.startsWith("client: ")) {
                current = new TreeMap<>();
                clients.put(line.substring("client: ".length()), current);
            } else if (!line.contains(":") || line.contains("2001:db8")) {
                List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
                String name = words.remove(0);
                words.replaceAll(word -> word.equals("2001:db8:0:0:0:0:0:10") ? "2001:db8::10" : word);
                current.put(name, new TreeSet<>(words));
            }
        }
        return clients;
    }
}
