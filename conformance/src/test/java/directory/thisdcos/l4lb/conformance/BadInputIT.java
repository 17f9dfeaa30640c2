package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake gives one clear line on standard error, nothing on standard output, and the right exit code. */
final class BadInputIT {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private String complaint(int exitCode, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Checkout.launcher().toString()));
        command.addAll(List.of(arguments));
        Shell.Result result = Shell.run(command);
        assertEquals(exitCode, result.exitCode(), result.err());
        assertEquals("", result.out());
        List<String> complaints =
                result.err().lines().filter(line -> line.startsWith("l4lb: ")).toList();
        assertEquals(1, complaints.size(), result.err());
        return complaints.get(0);
    }

    private String[] standalone(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "standalone",
                "--data",
                temp.resolve("data").toString(),
                "--dns-listen",
                "127.0.0.1:0",
                "--admin-listen",
                "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static void assertSays(String complaint, String... parts) {
        for (String part : parts) {
            assertTrue(complaint.contains(part), "'" + part + "' is missing in: " + complaint);
        }
    }

    @Test
    void wrongUsage() throws Exception {
        assertSays(complaint(WRONG_USAGE, "standalone", "--dns-lisen", "x"), "unknown option", "--dns-lisen");
        assertSays(complaint(WRONG_USAGE, "stand"), "unknown command", "stand");
        assertSays(complaint(WRONG_USAGE, "node"), "--zookeeper");
        assertSays(complaint(WRONG_USAGE, "node", "--zookeeper", "zk1"), "'zk1'", "HOST:PORT");
        assertSays(complaint(WRONG_USAGE, standalone("--pool", "11.0.0.9-11.0.0.1")), "--pool", "ends before");
        assertSays(complaint(WRONG_USAGE, standalone("--pool", "fd00::1-fd00::2")), "--pool6");
        assertSays(complaint(WRONG_USAGE, standalone("--upstream", "dns.example")), "--upstream", "no address");
        assertSays(complaint(WRONG_USAGE, standalone("--ipvs", "maybe")), "--ipvs", "maybe");
        assertSays(complaint(WRONG_USAGE, standalone("--quarantine", "10")), "--quarantine", "10s");
    }

    @Test
    void configFiles() throws Exception {
        Path file = Files.writeString(temp.resolve("l4lb.yaml"), "dns-lisen: 127.0.0.1:53\n");
        assertSays(complaint(WRONG_USAGE, standalone("--config", file.toString())), "dns-lisen", "dns-listen");
        Files.writeString(file, "dns-listen: [\n");
        assertSays(complaint(WRONG_USAGE, standalone("--config", file.toString())), "l4lb.yaml", "line");
        assertSays(complaint(WRONG_USAGE, standalone("--config", "/no/such.yaml")), "/no/such.yaml", "not exist");
    }

    @Test
    void folders() throws Exception {
        assertSays(complaint(FAILED, standalone("--apps", "/no/such/folder")), "/no/such/folder");
        Path file = Files.writeString(temp.resolve("file"), "");
        assertSays(complaint(FAILED, "standalone", "--data", file.toString()), file.toString(), "--data");
        assertSays(complaint(FAILED, "standalone", "--data", "/proc/l4lb"), "/proc/l4lb", "--data");
    }

    @Test
    void portsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            String data = temp.resolve("data").toString();
            assertSays(
                    complaint(
                            FAILED,
                            "standalone",
                            "--data",
                            data,
                            "--dns-listen",
                            address,
                            "--admin-listen",
                            "127.0.0.1:0"),
                    address,
                    "another program uses this port");
            assertSays(
                    complaint(
                            FAILED,
                            "standalone",
                            "--data",
                            data,
                            "--admin-listen",
                            address,
                            "--dns-listen",
                            "127.0.0.1:0"),
                    address,
                    "in use");
            assertSays(complaint(FAILED, standalone("--embedded-zookeeper-listen", address)), address, "in use");
        }
    }

    @Test
    void aSecondInstanceOnTheSameDataFolder() throws Exception {
        try (RunningProgram first = RunningProgram.start(temp, standalone("--ipvs", "off"))) {
            assertSays(complaint(FAILED, standalone("--ipvs", "off")), "in use by another l4lb", "--data");
            assertTrue(first.isAlive());
        }
    }
}
