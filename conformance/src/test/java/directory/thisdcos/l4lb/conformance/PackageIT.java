package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package: made twice alike, and installed, used and purged in a clean Debian. */
final class PackageIT {
    /** What packaging/test-deb ends with where it cannot run. */
    private static final int LEFT_OUT = 77;

    private static final long LIMIT_MINUTES = 15;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    @Test
    void thePackageIsMadeAlikeTwiceAndLeavesNothingBehind() throws Exception {
        Assumptions.assumeTrue(Shell.run("bash", "-c", "command -v dpkg-deb").exitCode() == 0, "apt-get install dpkg");
        Path first = build("first");
        Path second = build("second");
        assertEquals(-1, Files.mismatch(first, second), "built twice, the same octets");
        Path log = temp.resolve("log");
        Process test = new ProcessBuilder(
                        List.of(Checkout.root().resolve("packaging/test-deb").toString(), first.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(test.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES), "in time");
        String text = Files.readString(log);
        System.err.println("PackageIT: " + text);
        Assumptions.assumeTrue(test.exitValue() != LEFT_OUT, text);
        assertEquals(0, test.exitValue(), text);
    }

    private Path build(String name) throws IOException, InterruptedException {
        Path folder = temp.resolve(name);
        Shell.output(Checkout.root().resolve("packaging/build-deb").toString(), folder.toString());
        try (var files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }
}
