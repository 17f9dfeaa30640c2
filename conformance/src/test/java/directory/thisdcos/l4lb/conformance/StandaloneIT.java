package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main path without a kernel: from an app's file to {@code dig} and {@code curl}. */
final class StandaloneIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ZONE = ".marathon.l4lb.thisdcos.directory";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private Path apps = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        apps = Files.createDirectory(temp.resolve("apps"));
    }

    private RunningProgram start(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "standalone",
                "--apps",
                apps.toString(),
                "--data",
                temp.resolve("data").toString(),
                "--dns-listen",
                "127.0.0.1:0",
                "--admin-listen",
                "127.0.0.1:0",
                "--ipvs",
                "plan"));
        arguments.addAll(List.of(more));
        return RunningProgram.start(temp, arguments.toArray(String[]::new));
    }

    private void writeApp(String name, String port, String... hosts) throws IOException {
        StringBuilder tasks = new StringBuilder();
        for (String host : hosts) {
            tasks.append(tasks.isEmpty() ? "" : ",")
                    .append("{\"id\":\"" + name + "." + host + "\",\"appId\":\"/" + name + "\",\"host\":\"" + host
                            + "\",\"ports\":[31000],\"state\":\"TASK_RUNNING\"}");
        }
        String app = "{\"id\":\"/" + name + "\",\"portDefinitions\":[{\"port\":31000,\"protocol\":\"tcp\","
                + "\"labels\":{\"VIP_0\":\"/" + name + ":" + port + "\"}}],\"tasks\":[" + tasks + "]}";
        Path next = Files.writeString(temp.resolve(name + ".new"), app);
        Files.move(
                next,
                apps.resolve(name + ".json"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static String dig(RunningProgram program, String... question) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("dig", "@127.0.0.1", "-p", Integer.toString(program.dnsPort()), "+tries=1"));
        command.addAll(List.of(question));
        return Shell.run(command).out();
    }

    private static JsonNode get(RunningProgram program, String path) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(Shell.output("curl", "-sS", program.admin() + path));
    }

    @Test
    void aFileBecomesANameAndEachChangeOfItArrives() throws Exception {
        writeApp("foo", "80", "10.9.0.1");
        try (RunningProgram program = start()) {
            Await.until(
                    "the name", SOON, () -> dig(program, "+short", "foo" + ZONE).equals("11.64.238.105\n"));
            JsonNode vip = get(program, "/v1/vips").get(0);
            assertEquals("foo" + ZONE + ":80", vip.get("vip").asText());
            assertEquals("tcp", vip.get("protocol").asText());
            assertEquals("10.9.0.1", vip.at("/backend/0/ip").asText());
            assertEquals(31000, vip.at("/backend/0/port").asInt());
            assertEquals(1, vip.at("/backend/0/weight").asInt());
            assertEquals("11.64.238.105", vip.get("address").asText());
            String plan = Shell.output("curl", "-sS", program.admin() + "/v1/ipvs/plan");
            assertTrue(plan.contains("-A -t 11.64.238.105:80 -s wlc"), plan);
            assertTrue(plan.contains("-a -t 11.64.238.105:80 -r 10.9.0.1:31000 -m -w 1"), plan);

            writeApp("foo", "80", "10.9.0.1", "10.9.0.2");
            Await.until(
                    "the second backend",
                    SOON,
                    () -> get(program, "/v1/vips").at("/0/backend").size() == 2);
            writeApp("bar", "81");
            Await.until(
                    "a name without instances",
                    SOON,
                    () -> !dig(program, "+short", "bar" + ZONE).isEmpty());

            Files.delete(apps.resolve("foo.json"));
            Await.until("NXDOMAIN", SOON, () -> dig(program, "foo" + ZONE).contains("status: NXDOMAIN"));
            Await.until("one vip left", SOON, () -> get(program, "/v1/vips").size() == 1);
            assertEquals(
                    "quarantined",
                    get(program, "/v1/allocations").at("/1/state").asText());
        }
    }

    @Test
    void addressesSurviveAKillAndAreServedBeforeAnythingElse() throws Exception {
        writeApp("foo", "80", "10.9.0.1");
        writeApp("web", "80", "10.9.0.2");
        try (RunningProgram program = start()) {
            Await.until(
                    "both names", SOON, () -> get(program, "/v1/allocations").size() == 2);
            Await.until("a table file with both names", SOON, () -> {
                String stored = storedTables(temp.resolve("data/table"));
                return stored.contains("foo" + ZONE) && stored.contains("web" + ZONE);
            });
            program.kill();
        }
        try (RunningProgram program = start()) {
            // Ready means that the stored table is served: no waiting here.
            assertEquals("11.64.238.105\n", dig(program, "+short", "foo" + ZONE));
            assertEquals("11.225.36.193\n", dig(program, "+short", "web" + ZONE));
            Duration taken = program.terminate();
            assertEquals(0, program.exitCode());
            assertTrue(taken.compareTo(Duration.ofSeconds(2)) < 0, "stopping took " + taken);
        }
    }

    private static String storedTables(Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "table-*.gz")) {
                for (Path file : files) {
                    try (InputStream json = new GZIPInputStream(Files.newInputStream(file))) {
                        text.append(new String(json.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return text.toString();
    }

    @Test
    void aBrokenFileKeepsItsLastGoodContentAndIsReported() throws Exception {
        writeApp("foo", "80", "10.9.0.1");
        try (RunningProgram program = start()) {
            Await.until(
                    "the name",
                    SOON,
                    () -> !dig(program, "+short", "foo" + ZONE).isEmpty());
            Files.writeString(apps.resolve("foo.json"), "{\n  \"id\": \"/foo\",\n  oops\n}");
            Await.until(
                    "the problem",
                    SOON,
                    () -> get(program, "/v1/problems").toString().contains("foo.json"));
            String problem = get(program, "/v1/problems").toString();
            assertTrue(problem.contains("line 3"), problem);
            assertTrue(program.err().contains("foo.json"), program.err());
            assertFalse(dig(program, "+short", "foo" + ZONE).isEmpty());
        }
    }

    @Test
    void aFixedAddressIsClaimedAndADangerousOneRefused() throws Exception {
        Files.writeString(
                apps.resolve("fixed.json"),
                "{\"id\":\"/fixed\",\"portDefinitions\":[{\"port\":1,\"protocol\":\"tcp\",\"labels\":{"
                        + "\"VIP_0\":\"3.3.0.6:3306\",\"VIP_1\":\"127.0.0.1:80\",\"VIP_2\":\"11.64.238.105:1\","
                        + "\"VIP_3\":\"foo:80\"}}]}");
        try (RunningProgram program = start()) {
            Await.until("the claims", SOON, () -> get(program, "/v1/vips").size() == 3);
            assertEquals(
                    "11.64.238.106\n",
                    dig(program, "+short", "foo" + ZONE),
                    "a claim comes before a name, so the name gets the next address");
            String problems = get(program, "/v1/problems").toString();
            assertTrue(problems.contains("127.0.0.1") && problems.contains("loopback"), problems);
        }
    }

    @Test
    void anUnknownNameInTheZoneIsNxdomainAndOutsideItRefused() throws Exception {
        writeApp("foo", "80", "10.9.0.1");
        try (RunningProgram program = start()) {
            Await.until(
                    "the name",
                    SOON,
                    () -> !dig(program, "+short", "foo" + ZONE).isEmpty());
            assertTrue(dig(program, "nope" + ZONE).contains("status: NXDOMAIN"));
            assertTrue(dig(program, "nope" + ZONE).contains("SOA"));
            String nodata = dig(program, "foo" + ZONE, "AAAA");
            assertTrue(nodata.contains("status: NOERROR") && nodata.contains("ANSWER: 0"), nodata);
            assertTrue(dig(program, "example.com").contains("status: REFUSED"));
            assertTrue(dig(program, "+tcp", "+short", "FoO" + ZONE).contains("11.64.238.105"));
            assertTrue(dig(program, "FoO" + ZONE).contains("FoO" + ZONE), "the case is echoed");
        }
    }
}
