package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executes every command of the README. In a {@code console} block a line {@code $ command} is run, and each line below
 * it must be in its output: {@code ...} at the end stands for any rest of a line, alone for any lines.
 */
final class ReadmeIT {
    private static final String START = "./l4lb standalone --apps examples";
    private static final String TEST = "./conformance/verify";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private record Step(String command, List<String> expected) {}

    @Test
    void everyCommandDoesWhatTheReadmeSays() throws Exception {
        List<Step> steps = steps();
        assertEquals(START, steps.get(0).command(), "the first command starts it");
        assertTrue(steps.stream().anyMatch(step -> step.command().equals(TEST)), "the second runs the tests");
        assertTrue(
                Files.readString(Checkout.root().resolve(".ci/run")).contains(TEST.substring(1)),
                "CI runs the README's test command; it cannot run itself here");
        // The README's ports, and a data folder that is not the user's.
        try (RunningProgram program = RunningProgram.start(
                temp,
                "standalone",
                "--apps",
                "examples",
                "--data",
                temp.resolve("data").toString())) {
            Await.until("the hint to try", LIMIT, () -> program.err().contains("Try next:"));
            assertTrue(
                    program.err().contains("dig @127.0.0.1 -p 5454 my-service.marathon.l4lb.thisdcos.directory"),
                    program.err());
            for (Step step : steps) {
                if (!step.command().equals(START) && !step.command().equals(TEST)) {
                    run(step);
                }
            }
        }
    }

    private static void run(Step step) throws IOException, InterruptedException {
        Shell.Result result = Shell.run("bash", "-c", step.command());
        assertEquals(0, result.exitCode(), step.command() + "\n" + result.err());
        List<String> lines = result.out().lines().toList();
        for (String expected : step.expected()) {
            boolean found = expected.endsWith("...")
                    ? lines.stream().anyMatch(line -> line.startsWith(expected.substring(0, expected.length() - 3)))
                    : lines.contains(expected);
            assertTrue(found, step.command() + " does not print '" + expected + "' but:\n" + result.out());
        }
    }

    private static List<Step> steps() throws IOException {
        List<Step> steps = new ArrayList<>();
        boolean console = false;
        for (String line : Files.readAllLines(Checkout.root().resolve("README.md"))) {
            if (line.startsWith("```")) {
                console = line.equals("```console");
            } else if (console && line.startsWith("$ ")) {
                steps.add(new Step(line.substring(2), new ArrayList<>()));
            } else if (console && !line.equals("...")) {
                steps.get(steps.size() - 1).expected().add(line);
            }
        }
        return steps;
    }
}
