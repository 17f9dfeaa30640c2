package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code l4lb import} from a dcos-net's API and DNS into a running program. */
final class ImportIT {
    private static final int NAMES = Integer.getInteger("l4lb.import.names", 20_000);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private RunningProgram standalone() throws Exception {
        Path apps = Files.createDirectories(temp.resolve("apps"));
        return RunningProgram.start(
                temp,
                "standalone",
                "--apps",
                apps.toString(),
                "--data",
                temp.resolve("data").toString(),
                "--admin-listen",
                "127.0.0.1:0",
                "--dns-listen",
                "127.0.0.1:0",
                "--ipvs",
                "off");
    }

    private static Shell.Result run(RunningProgram program, DcosNetReplay replay, String... more) throws Exception {
        String[] command = new String[8 + more.length];
        String[] fixed = {
            Checkout.launcher().toString(),
            "import",
            "--from-dcos-net",
            replay.url(),
            "--dns",
            replay.dns(),
            "--admin",
            program.admin()
        };
        System.arraycopy(fixed, 0, command, 0, fixed.length);
        System.arraycopy(more, 0, command, fixed.length, more.length);
        return Shell.run(command);
    }

    private static Map<String, String> allocations(RunningProgram program) throws Exception {
        Map<String, String> found = new HashMap<>();
        JsonNode list = new ObjectMapper()
                .readTree(Shell.output("curl", "-sS", program.admin() + "/v1/allocations?state=reserved"));
        for (JsonNode one : list) {
            found.put(
                    one.path("name").asText().replace(".l4lb.thisdcos.directory", ""),
                    one.path("address").asText());
        }
        return found;
    }

    @Test
    void everyNameKeepsExactlyItsAddress() throws Exception {
        Map<String, String> expected = new HashMap<>();
        try (DcosNetReplay replay = new DcosNetReplay();
                RunningProgram program = standalone()) {
            for (int i = 0; i < NAMES; i++) {
                String ip = "11." + (200 - i / 62_500) + "." + i / 250 % 250 + "." + (1 + i % 250);
                expected.put("svc-" + i + ".marathon", ip);
                replay.name("svc-" + i + ".marathon", ip);
            }
            replay.vip("1.2.3.4:80", "").vip("gone.marathon.l4lb.thisdcos.directory:80", "");
            replay.loseSome();
            Shell.Result plan = run(program, replay, "--plan");
            assertEquals(0, plan.exitCode(), plan::toString);
            assertTrue(plan.out().contains("would reserve " + NAMES + " names"), plan::out);
            assertEquals(Map.of(), allocations(program), "a plan writes nothing");

            long before = System.nanoTime();
            Shell.Result done = run(program, replay);
            System.out.printf("imported %d names in %d ms%n", NAMES, (System.nanoTime() - before) / 1_000_000);
            assertEquals(0, done.exitCode(), done::toString);
            assertTrue(done.out().contains("reserved " + NAMES + " names; 0 were already, 0 cannot be"), done::out);
            assertTrue(done.out().contains("1 names without backends"), done::out);
            assertTrue(done.out().contains("1 fixed VIPs"), done::out);
            assertEquals(expected, allocations(program));

            Shell.Result again = run(program, replay);
            assertEquals(0, again.exitCode(), again::toString);
            assertTrue(again.out().contains("reserved 0 names; " + NAMES + " were already"), again::out);
        }
    }

    @Test
    void conflictsAreListedAndNothingIsHalfDone() throws Exception {
        try (DcosNetReplay replay = new DcosNetReplay();
                RunningProgram program = standalone()) {
            replay.name("good.marathon", "11.0.0.1")
                    .name("twice.marathon", "11.0.0.2", "11.0.0.3")
                    .name("one.marathon", "11.0.0.4")
                    .name("other.marathon", "11.0.0.4")
                    .name("silent.marathon")
                    .name("outside.marathon", "9.9.9.9")
                    .vip("bad_name.marathon.l4lb.thisdcos.directory:80", "");
            Shell.Result refused = run(program, replay);
            assertEquals(1, refused.exitCode(), refused::toString);
            for (String reason : new String[] {
                "twice.marathon.l4lb.thisdcos.directory: it has several addresses",
                "one.marathon.l4lb.thisdcos.directory: 11.0.0.4 is the address of several names",
                "other.marathon.l4lb.thisdcos.directory: 11.0.0.4",
                "silent.marathon.l4lb.thisdcos.directory: its DNS has no address (NXDOMAIN)",
                "outside.marathon.l4lb.thisdcos.directory: 9.9.9.9 is in no pool",
                "bad_name.marathon.l4lb.thisdcos.directory: it is no name",
                "reserved nothing because of conflicts"
            }) {
                assertTrue(refused.out().contains(reason), () -> reason + " is missing in " + refused.out());
            }
            assertEquals(Map.of(), allocations(program));
            Shell.Result partial = run(program, replay, "--partial");
            assertEquals(1, partial.exitCode(), partial::toString);
            assertTrue(partial.out().contains("reserved 1 names; 0 were already, 6 cannot be"), partial::out);
            assertEquals(Map.of("good.marathon", "11.0.0.1"), allocations(program));
        }
    }
}
