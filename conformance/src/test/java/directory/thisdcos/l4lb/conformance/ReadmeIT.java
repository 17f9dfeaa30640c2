package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executes every command of the README, see {@link ConsoleStep}. */
final class ReadmeIT {
    private static final String START = "./l4lb standalone --apps examples";
    private static final String TEST = "./conformance/verify";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    @Test
    void everyCommandDoesWhatTheReadmeSays() throws Exception {
        List<ConsoleStep> steps = ConsoleStep.of(Checkout.root().resolve("README.md"));
        assertEquals(START, steps.get(0).command(), "the first command starts it");
        assertTrue(steps.stream().anyMatch(step -> step.command().equals(TEST)), "the second runs the tests");
        assertTrue(
                Files.readString(Checkout.root().resolve(".ci/run")).contains(TEST.substring(1)),
                "CI runs the README's test command; it cannot run itself here");
        // The README's ports, and a data folder that is not the user's.
        try (RunningProgram program = RunningProgram.examples(temp)) {
            Await.until("the hint to try", LIMIT, () -> program.err().contains("Try next:"));
            assertTrue(
                    program.err().contains("dig @127.0.0.1 -p 5454 my-service.marathon.l4lb.thisdcos.directory"),
                    program.err());
            for (ConsoleStep step : steps) {
                if (!step.command().equals(START) && !step.command().equals(TEST)) {
                    step.run();
                }
            }
        }
    }
}
