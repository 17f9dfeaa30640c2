package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a running program, as a user types them. */
final class CommandLineIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NAME = "my-service.marathon.l4lb.thisdcos.directory";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private List<String> admin = List.of();

    private Shell.Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Checkout.launcher().toString()));
        command.addAll(List.of(arguments));
        return Shell.run(command);
    }

    private String output(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(admin);
        Shell.Result result = run(all.toArray(String[]::new));
        assertEquals(0, result.exitCode(), all + ": " + result.err());
        return result.out();
    }

    private String failure(int exitCode, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(admin);
        Shell.Result result = run(all.toArray(String[]::new));
        assertEquals(exitCode, result.exitCode(), all + ": " + result.out() + result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        return result.err();
    }

    @Test
    void everyCommandAsksARunningProgram() throws Exception {
        try (RunningProgram program = RunningProgram.examplesOnFreePorts(temp)) {
            admin = List.of("--admin", program.admin());
            Await.until("the examples", LIMIT, () -> output("vip", "list").contains(NAME));
            names();
            services();
            sources();
            drains();
            dns(program);
            Await.until("the node", LIMIT, () -> output("nodes").contains("serving"));
            assertTrue(output("problems").startsWith("SINCE"), "a header even without problems");
        }
        assertTrue(failure(1, "vip", "list").contains("nothing answers"));
        admin = List.of();
        assertTrue(failure(2, "vip", "list", "-o", "xml").contains("xml"));
        assertTrue(failure(2, "vip", "--nonsense").contains("--nonsense"));
    }

    private void names() throws Exception {
        String list = output("vip", "list", "my-service");
        assertEquals(2, list.lines().count(), list);
        assertTrue(list.startsWith("VIP "), list);
        assertFalse(list.contains("\u001b"), "no colour into a pipe");
        String shown = output("vip", "get", "my-service.marathon");
        assertTrue(shown.startsWith(NAME + ":5555 tcp  11.134.216.93"), shown);
        assertTrue(shown.contains("10.0."), shown);
        JsonNode json = new ObjectMapper().readTree(output("vip", "list", "-o", "json"));
        assertTrue(json.size() >= 5, json.toString());
        assertTrue(output("vip", "list", "3.3.0.6", "-o", "yaml").startsWith("- vip: 3.3.0.6:3306"));
        assertTrue(failure(1, "vip", "get", "nobody").contains("l4lb explain"));
        assertTrue(output("allocation", "list").contains(NAME));
        assertTrue(output("allocation", "get", "11.134.216.93").contains(NAME));
        assertTrue(failure(1, "allocation", "get", "nobody").contains("l4lb allocation list"));
        assertTrue(output("allocation", "reserve", "kept.api", "--address", "11.1.2.3", "--owner", "me")
                .contains("11.1.2.3"));
        assertTrue(output("allocation", "history", "kept.api").contains("11.1.2.3"));
        String changes = output("changes", "kept.api");
        assertTrue(changes.startsWith("AT ") && changes.contains("loopback  PUT /v1/allocations/kept.api"), changes);
        assertTrue(output("allocation", "release", "kept.api").contains("quarantined"));
        output("allocation", "end-quarantine", "kept.api");
        failure(1, "allocation", "release", "kept.api");
        assertTrue(output("pools").contains("11.0.0.0"));
    }

    private void services() throws Exception {
        String put = output("service", "put", "db.api:5432", "--backend", "10.0.0.5:5432=2", "--owner", "me");
        assertTrue(put.contains("10.0.0.5:5432") && put.contains("healthy"), put);
        assertEquals(put, output("service", "get", "db.api:5432"));
        assertTrue(output("service", "list").contains("db.api"));
        assertTrue(failure(1, "service", "delete", "db.api:5432").contains("those who did: me"));
        output("service", "delete", "db.api:5432", "--owner", "me");
        failure(1, "service", "get", "db.api:5432");
        Path document = Files.writeString(temp.resolve("db.json"), "{\"backends\":[{\"ip\":\"10.0.0.6\",\"port\":1}]}");
        assertTrue(output("service", "put", "db.api:5432", "-f", document.toString())
                .contains("10.0.0.6:1"));
        assertTrue(failure(1, "service", "put", "db.api:5432", "--backend", "nonsense")
                .contains("ADDR:PORT"));
    }

    private void sources() throws Exception {
        String id = new ObjectMapper()
                .readTree(output("sources", "-o", "json"))
                .at("/0/id")
                .asText();
        assertTrue(output("sources", "freeze", id).contains("freeze"));
        assertTrue(output("sources").contains("frozen"), "shown");
        assertTrue(output("sources", "thaw", id).contains("thaw"));
        assertFalse(output("sources").contains("frozen"));
        assertTrue(failure(1, "sources", "freeze", "nobody").contains("GET /v1/sources"));
    }

    private void drains() throws Exception {
        String backend = new ObjectMapper()
                .readTree(output("vip", "get", "my-service.marathon", "-o", "json"))
                .findPath("backend")
                .get(0)
                .path("ip")
                .asText();
        assertEquals(1, output("drain", "list").lines().count(), "nothing is drained");
        assertTrue(output("drain", "agent", backend, "--reason", "new kernel").contains("new kernel"));
        assertTrue(output("vip", "get", "my-service.marathon").contains("draining"));
        assertTrue(output("explain", "my-service.marathon").contains("drains agent " + backend + " (new kernel)"));
        assertTrue(output("drain", "list").contains(backend));
        output("undrain", "agent", backend);
        assertFalse(output("vip", "get", "my-service.marathon").contains("draining"));
        assertTrue(output("drain", "backend", "10.99.0.1:80").contains("10.99.0.1:80"));
        output("undrain", "backend", "10.99.0.1:80");
        assertTrue(failure(1, "undrain", "agent", "nobody").contains("is not drained; GET /v1/drains"));
        assertTrue(failure(1, "drain", "backend", "10.0.0.5").contains("has no port; write ADDRESS:PORT"));
    }

    private void dns(RunningProgram program) throws Exception {
        List<String> before = admin;
        admin = List.of("--server", "127.0.0.1:" + program.dnsPort());
        assertEquals(NAME + ". 5 IN A 11.134.216.93\n", output("dns", "query", NAME));
        assertTrue(output("dns", "query", "_5555._tcp." + NAME, "srv").contains("1 1 5555 " + NAME));
        assertTrue(failure(1, "dns", "query", "none." + NAME).contains("NXDOMAIN"));
        assertTrue(failure(1, "dns", "query", NAME, "AAAA").contains("no AAAA record"));
        Path zone = Files.writeString(temp.resolve("zone"), output("dns", "zone", "export"));
        String checked = Shell.output("named-checkzone", "l4lb.thisdcos.directory", zone.toString());
        assertTrue(checked.contains("OK"), "a master file that BIND takes: " + checked);
        admin = before;
    }

    @Test
    void completionAndManualPagesAreMadeFromTheCommands() throws Exception {
        Path bash = Files.writeString(temp.resolve("l4lb.bash"), output("completion", "bash"));
        String completed = Shell.output(
                "bash",
                "-c",
                "source " + bash + "; COMP_WORDS=(l4lb vip ''); COMP_CWORD=2; _complete_l4lb; echo ${COMPREPLY[@]}");
        assertTrue(completed.contains("list") && completed.contains("watch"), completed);
        String fish = output("completion", "fish");
        assertTrue(
                fish.contains("complete -c l4lb -n '__fish_use_subcommand' -a vip -d 'Shows virtual services"), fish);
        output("man", temp.resolve("man").toString());
        try (Stream<Path> pages = Files.list(temp.resolve("man"))) {
            List<String> names =
                    pages.map(page -> page.getFileName().toString()).sorted().toList();
            assertTrue(names.containsAll(List.of("l4lb.1", "l4lb-node.1", "l4lb-vip-list.1")), names.toString());
            assertFalse(names.contains("l4lb-man.1"), "a hidden command has no page");
        }
        String page = Files.readString(temp.resolve("man/l4lb-node.1"));
        assertTrue(page.contains(".SH SYNOPSIS") && page.contains("\\-\\-dns\\-listen"), page);
    }

    @Test
    void theDoctorSaysWhatToDo() throws Exception {
        Shell.Result result = run("doctor", "--zookeeper", "127.0.0.1:1", "--dns-listen", "127.0.0.1:0", "-o", "json");
        assertEquals(1, result.exitCode(), result.out() + result.err());
        JsonNode findings = new ObjectMapper().readTree(result.out());
        boolean unreachable = false;
        for (JsonNode finding : findings) {
            boolean ok = finding.path("result").asText().equals("ok");
            assertEquals(ok, finding.path("fix").asText().isEmpty(), finding.toString());
            unreachable |= finding.path("check").asText().equals("ZooKeeper 127.0.0.1:1")
                    && finding.path("result").asText().equals("failure");
        }
        assertTrue(unreachable, findings.toString());
    }

    @Test
    void aTokenIsShownOnceAndOnlyItsHashIsKept() throws Exception {
        Shell.Result result = run("token", "alice", "--role", "write");
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().matches("write alice sha256:[0-9a-f]{64}\n"), result.out());
        String hash = Shell.output("bash", "-c", "printf %s '" + result.err().strip() + "' | sha256sum");
        assertTrue(result.out().contains(hash.substring(0, 64)), "the hash is that of the token");
    }
}
