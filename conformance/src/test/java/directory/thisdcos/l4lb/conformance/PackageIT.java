package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Debian package: made twice alike, and installed, used, upgraded and purged in clean Debians, one with systemd; and the
 * container image, run where a Docker engine is (see {@link EnsembleInContainersIT}).
 */
final class PackageIT {
    /** What the scripts end with where they cannot run; they say why. */
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
        run("test-deb", first);
    }

    @Test
    void itLivesUnderSystemdAndIsReplacedWithoutALostQuery() throws Exception {
        Assumptions.assumeTrue(Shell.run("bash", "-c", "command -v dpkg-deb").exitCode() == 0, "apt-get install dpkg");
        run("test-systemd", build("systemd"));
    }

    @Test
    void theClusterPageMakesAClusterOfThree() throws Exception {
        Assumptions.assumeTrue(Shell.run("bash", "-c", "command -v dpkg-deb").exitCode() == 0, "apt-get install dpkg");
        run("test-cluster", build("cluster"));
    }

    @Test
    void theContainerImageServesEndsWhenToldAndKeepsItsData() throws Exception {
        run("test-image");
    }

    private void run(String script, Path... files) throws IOException, InterruptedException {
        Path log = temp.resolve(script + ".log");
        List<String> command = new ArrayList<>();
        command.add(Checkout.root().resolve("packaging").resolve(script).toString());
        for (Path file : files) {
            command.add(file.toString());
        }
        Process test = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(test.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES), script + " in time");
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
