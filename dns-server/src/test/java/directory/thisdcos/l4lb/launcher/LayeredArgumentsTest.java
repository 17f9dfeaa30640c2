package directory.thisdcos.l4lb.launcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParseResult;

final class LayeredArgumentsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private Path config(String yaml) throws IOException {
        return Files.writeString(temp.resolve("l4lb.yaml"), yaml);
    }

    private static String[] complete(Map<String, String> environment, String... arguments) throws WrongUsageException {
        return LayeredArguments.complete(Main.commandLine(arguments), arguments, environment);
    }

    private static ParseResult parse(String... arguments) {
        return Main.commandLine().parseArgs(arguments).subcommand();
    }

    private static String text(ParseResult result, String option) {
        Object value = result.matchedOptionValue(option, null);
        return String.valueOf(value);
    }

    /** So the units of the package start: they give a file and nothing else. */
    @Test
    void whatIsNeededMayStandInTheFileOrInTheEnvironment() throws Exception {
        Path file = config("zookeeper: zk1:2181\n");
        for (String command : new String[] {"node", "allocator"}) {
            assertEquals(
                    "zk1:2181", text(parse(complete(Map.of(), command, "--config", file.toString())), "--zookeeper"));
            assertEquals(
                    "zk2:2181", text(parse(complete(Map.of("L4LB_ZOOKEEPER", "zk2:2181"), command)), "--zookeeper"));
            assertArrayEquals(new String[] {command, "--nonsense"}, complete(Map.of(), command, "--nonsense"));
        }
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentAndThatOverTheFile() throws Exception {
        Path file = config("""
                apps: [/file/a, /file/b]
                ipvs: off
                quarantine: 5m
                admin-listen: 127.0.0.1:1
                """);
        ParseResult result = parse(complete(
                Map.of("L4LB_IPVS", "plan", "L4LB_QUARANTINE", "7m", "L4LB_DNS_LISTEN", "127.0.0.1:1, 127.0.0.1:2"),
                "standalone",
                "--quarantine",
                "9m",
                "--config",
                file.toString()));
        assertEquals("[/file/a, /file/b]", text(result, "--apps"));
        assertEquals("PLAN", text(result, "--ipvs"));
        assertEquals("PT9M", text(result, "--quarantine"));
        assertEquals("127.0.0.1:1", text(result, "--admin-listen"));
        assertEquals("[127.0.0.1:1, 127.0.0.1:2]", text(result, "--dns-listen"));
    }

    @Test
    void valuesWithCommasStandBetweenBlanksInTheEnvironment() throws Exception {
        ParseResult result = parse(complete(
                Map.of("L4LB_CONNECTION_ZOOKEEPER", "kafka=a:1,b:1/x c:2/{framework}"), "node", "--zookeeper", "z:1"));
        assertEquals("[kafka=a:1,b:1/x, c:2/{framework}]", text(result, "--connection-zookeeper"));
    }

    @Test
    void theFileMayBeNamedInTheEnvironment() throws Exception {
        Path file = config("data: /srv/l4lb\n");
        ParseResult result = parse(complete(Map.of("L4LB_CONFIG", file.toString()), "standalone"));
        assertEquals("/srv/l4lb", text(result, "--data"));
    }

    @Test
    void aSettingOfAnotherCommandMayStandInTheFile() throws Exception {
        Path file = config("apps: /srv/apps\nzookeeper: zk1:2181\n");
        String[] arguments = {"node", "--zookeeper", "zk2:2181", "--config", file.toString()};
        assertArrayEquals(arguments, complete(Map.of(), arguments));
        String[] doctor = {
            "doctor", "--zookeeper", "zk2:2181", "--dns-listen", "127.0.0.1:5", "--config", file.toString()
        };
        assertArrayEquals(doctor, complete(Map.of(), doctor));
    }

    @Test
    void aMistakeInTheFileIsNamed() throws Exception {
        Path file = config("aps: /srv/apps\n");
        String message = messageOf(file);
        assertEquals(true, message.contains("'aps'") && message.contains("apps"), message);
        config("quarantine: [1m, 2m]\n");
        assertEquals("config file: 'quarantine' takes one value, not a list", messageOf(file));
        config("- apps\n");
        assertEquals(true, messageOf(file).contains("no 'setting: value' lines"));
    }

    private static String messageOf(Path file) {
        WrongUsageException error = assertThrows(
                WrongUsageException.class, () -> complete(Map.of(), "standalone", "--config", file.toString()));
        return String.valueOf(error.getMessage());
    }
}
