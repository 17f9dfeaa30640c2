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
 * The Debian package and the archive: made twice alike; the package installed, used, upgraded and purged in clean Debians,
 * one with systemd; and the container image, run where a Docker engine is (see {@link EnsembleInContainersIT}).
 */
final class PackageIT {
    /** What the scripts end with where they cannot run; they say why. */
    private static final int LEFT_OUT = 77;

    private static final long LIMIT_MINUTES = 15;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path built;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    @Test
    void packageAndArchiveAreTheSameOctetsWhereverTheyAreBuilt() throws Exception {
        run("test-reproducible", debianPackage(), archive());
    }

    @Test
    void thePackageLeavesNothingBehind() throws Exception {
        run("test-deb", debianPackage());
    }

    @Test
    void theArchiveStartsFromItsOwnClasses() throws Exception {
        run("test-tar", archive());
    }

    @Test
    void itLivesUnderSystemdAndIsReplacedWithoutALostQuery() throws Exception {
        run("test-systemd", debianPackage());
    }

    @Test
    void theClusterPageMakesAClusterOfThree() throws Exception {
        run("test-cluster", debianPackage());
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

    private static Path debianPackage() throws IOException, InterruptedException {
        return build("build-deb", "dpkg-deb", "apt-get install dpkg");
    }

    private static Path archive() throws IOException, InterruptedException {
        return build("build-tar", "jlink", "install a JDK with jlink");
    }

    /** What the script makes; it is made once for all tests. */
    private static Path build(String script, String tool, String fix) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Shell.run("bash", "-c", "command -v " + tool).exitCode() == 0, fix);
        Path folder = built.resolve(script);
        if (!Files.exists(folder)) {
            Shell.output(Checkout.root().resolve("packaging").resolve(script).toString(), folder.toString());
        }
        try (var files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }
}
