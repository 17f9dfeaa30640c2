package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import directory.thisdcos.l4lb.runtime.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel adds up the counters of each service and server every two seconds. Before Linux 6.2 it does so for all of them
 * in one go of one timer (ip_vs_est.c: estimation_timer), while packets on that processor wait; later kernels have threads
 * for it, and with them the setting est_nice. Runs on: whoever holds the engine's lock.
 */
final class Estimators {
    private static final String RUN = "run_estimation";
    private static final String OF_KERNELS_WITH_THREADS = "est_nice";
    private static final String SUBJECT = "sysctl net.ipv4.vs." + RUN;

    private final Path settings;
    private final Estimation wanted;
    private final IpvsMetrics metrics;
    private List<Problem> problems = List.of();

    /** @param settings the folder of the sysctls net.ipv4.vs */
    Estimators(Path settings, Estimation wanted, IpvsMetrics metrics) {
        this.settings = settings;
        this.wanted = wanted;
        this.metrics = metrics;
    }

    /**
     * Looks, and makes the setting what it should be; returns how many changes that took.
     *
     * @param entries services and servers of the table
     */
    int repair(int entries) {
        List<Problem> found = new ArrayList<>();
        int changed = 0;
        Path file = settings.resolve(RUN);
        // Kernels before 5.16 have no such setting: they always estimate.
        boolean exists = Files.exists(file);
        boolean runs = true;
        if (!exists && wanted == Estimation.OFF) {
            found.add(
                    new Problem("sysctl", SUBJECT, "this kernel does not have it; --ipvs-estimation off does nothing"));
        }
        if (exists) {
            try {
                runs = !Files.readString(file, US_ASCII).strip().equals("0");
                if (wanted != Estimation.KEEP && runs != (wanted == Estimation.ON)) {
                    metrics.writes(1);
                    Files.writeString(file, wanted == Estimation.ON ? "1\n" : "0\n", US_ASCII);
                    runs = wanted == Estimation.ON;
                    changed++;
                }
            } catch (IOException e) {
                found.add(new Problem("sysctl", SUBJECT, "cannot be set: " + e));
            }
        }
        if (wanted == Estimation.KEEP
                && runs
                && entries > KernelCost.MANY_ESTIMATED
                && Files.isDirectory(settings)
                && !Files.exists(settings.resolve(OF_KERNELS_WITH_THREADS))) {
            found.add(new Problem(
                    "estimation",
                    SUBJECT,
                    "this kernel, older than 6.2, adds up the counters of all services and servers, more than "
                            + KernelCost.MANY_ESTIMATED
                            + ", at once every two seconds, and packets wait meanwhile: start with --ipvs-estimation off"
                            + " (counters and rates stand still), or with on if they may wait"));
        }
        problems = List.copyOf(found);
        return changed;
    }

    List<Problem> problems() {
        return problems;
    }
}
