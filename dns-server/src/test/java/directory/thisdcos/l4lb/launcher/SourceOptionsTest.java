package directory.thisdcos.l4lb.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class SourceOptionsTest {

    private static SourceRole role(String... arguments) throws WrongUsageException {
        SourceOptions options = new SourceOptions();
        CommandLine line = new CommandLine(CommandLine.Model.CommandSpec.create()
                .addMixin("sources", CommandLine.Model.CommandSpec.forAnnotatedObject(options)));
        line.parseArgs(arguments);
        return options.role();
    }

    @Test
    void clustersAndAgents() throws Exception {
        SourceRole role = role(
                "--mesos=http://a:5050,http://b:5050",
                "--mesos=zk://u:secret@10.0.0.1:2181,z2:2181/mesos",
                "--mesos-agent=http://[fd01::1]:5051",
                "--mesos-agent=http://[fd01::1]:5051/");
        assertEquals(2, role.mesos().size());
        assertEquals(1, role.mesosAgents().size());
        assertEquals(List.of("a", "b", "10.0.0.1", "z2", "fd01::1"), role.hosts());
        assertFalse(role.toString().contains("secret"), role::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "--mesos=a:5050,                  --mesos: 'a:5050' does not begin with http://",
        "--mesos=zk://h:2181,             --mesos: 'zk://h:2181' has no path",
        "--mesos-agent=http://u:secret@h/?q, query",
        "--marathon=m1:8080,              --marathon: 'm1:8080' does not begin with http://",
        "--marathon=http://u:secret@h/?q, query",
        "--marathon-resync=0s,            --marathon-resync is zero",
        "--mesos-agent-interval=0s,       --mesos-agent-interval is zero",
        "--source-token=http://h,         names no file",
        "--source-ca=http://h=,           names no file"
    })
    void oneLineForEachMistake(String argument, String message) {
        WrongUsageException e = assertThrows(WrongUsageException.class, () -> role(argument));
        assertTrue(String.valueOf(e.getMessage()).contains(message), e::toString);
        assertFalse(String.valueOf(e.getMessage()).contains("secret"), e::toString);
    }

    @Test
    void theMembersOfOneMarathonStandTogether() throws Exception {
        SourceRole role = role(
                "--marathon=http://m1:8080,http://m2:8080",
                "--marathon=https://u:secret@10.0.0.1/service/dev/",
                "--marathon-resync=1m");
        assertEquals(
                List.of("marathon:http://m1:8080,http://m2:8080", "marathon:https://10.0.0.1/service/dev"),
                role.marathons().stream().map(marathon -> marathon.id()).toList());
        assertEquals(List.of("m1", "m2", "10.0.0.1"), role.hosts());
        assertFalse(role.toString().contains("secret"), role::toString);
        WrongUsageException twice = assertThrows(
                WrongUsageException.class, () -> role("--marathon=http://m1,http://m2", "--marathon=http://m2"));
        assertTrue(String.valueOf(twice.getMessage()).contains("given twice"), twice::toString);
    }

    @Test
    void theLongestBeginningOfAUrlCounts() throws Exception {
        ScopedFiles files = ScopedFiles.parse(List.of("/all", "https://m=/m", "https://m1:5050=/m1", "zk://z/a=/z=1"));
        assertEquals(Optional.of(Path.of("/m1")), files.of("https://m1:5050"));
        assertEquals(Optional.of(Path.of("/m")), files.of("https://m2:5050,https://m3:5050"));
        assertEquals(Optional.of(Path.of("/all")), files.of("http://x"));
        assertEquals(Optional.of(Path.of("/z=1")), files.of("zk://z/a"));
        assertEquals(Optional.empty(), ScopedFiles.parse(List.of()).of("http://x"));
    }

    /** Several URLs of one cluster have commas between them, so several clusters have blanks. */
    @Test
    void settingsOfTheEnvironmentAndTheFile(@TempDir Path temp) throws Exception {
        Path file = Files.writeString(temp.resolve("l4lb.yaml"), """
                mesos: [ "zk://a:1,b:2/mesos", "http://c:5050,http://d:5050" ]
                source-token: https://m=/etc/l4lb/token
                """);
        String[] ofFile = LayeredArguments.complete(
                Main.commandLine(), new String[] {"allocator", "--zookeeper=z:1", "--config=" + file}, Map.of());
        String[] ofEnvironment = LayeredArguments.complete(
                Main.commandLine(),
                new String[] {"allocator", "--zookeeper=z:1"},
                Map.of("L4LB_MESOS", " zk://a:1,b:2/mesos  http://c:5050,http://d:5050 "));
        List<String> expected = List.of("zk://a:1,b:2/mesos", "http://c:5050,http://d:5050");
        for (String[] arguments : List.of(ofFile, ofEnvironment)) {
            CommandLine.ParseResult parsed =
                    Main.commandLine().parseArgs(arguments).subcommand();
            assertEquals(expected, parsed.matchedOptionValue("--mesos", List.of()));
        }
    }
}
