package directory.thisdcos.l4lb.conformance;

import org.junit.jupiter.api.Assumptions;

/** Debian's browser, which may be missing. */
final class Chromium {
    private Chromium() {}

    /** Leaves the test out, and says so, where there is none. */
    static void require() throws Exception {
        boolean installed = Shell.run("bash", "-c", "command -v chromium").exitCode() == 0;
        if (!installed) {
            System.err.println("left out: no chromium here; apt-get install chromium");
        }
        Assumptions.assumeTrue(installed, "apt-get install chromium");
    }
}
