package directory.thisdcos.l4lb.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** What goes wrong, and is mended some seconds later. */
final class SafetyFaults {
    private static final int MAX_AT_ONCE = 3;

    private final ClusterNetwork network;
    private final TestEnsemble ensemble;
    private final SafetyCluster cluster;
    private final Random random;
    private final List<Fault> active = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    /** A step that may fail. */
    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private record Fault(String subject, long endNanos, Step mend) {}

    SafetyFaults(ClusterNetwork network, TestEnsemble ensemble, SafetyCluster cluster, Random random) {
        this.network = network;
        this.ensemble = ensemble;
        this.cluster = cluster;
        this.random = random;
    }

    /** Breaks something, unless enough is broken. */
    void inject() throws IOException, InterruptedException {
        int allocator = random.nextInt(cluster.allocators().size());
        int server = random.nextInt(ensemble.servers().size());
        int seconds = 1 + random.nextInt(3);
        int kind = random.nextInt(8);
        ClusterProcess writer = cluster.allocators().get(allocator);
        ClusterProcess keeper = ensemble.servers().get(server);
        if (active.size() >= MAX_AT_ONCE) {
            return;
        }
        switch (kind) {
            case 0 -> breakIt("kill -9", writer, seconds, writer::kill, writer::ensureRunning);
            // Beyond its session: another takes over, and it wakes up believing that it leads.
            case 1 -> breakIt("SIGSTOP", writer, 5, writer::pause, writer::ensureRunning);
            case 2 -> breakIt("kill -9", keeper, seconds, keeper::kill, keeper::ensureRunning);
            case 3 -> breakIt("SIGSTOP", keeper, 5, keeper::pause, keeper::ensureRunning);
            case 4 -> cut("isolated", keeper, 4, () -> network.isolate(keeper.machine()));
            case 5 -> cut("isolated", writer, 5, () -> network.isolate(writer.machine()));
            case 6 -> {
                ClusterProcess other = ensemble.servers().get((server + 1) % 3);
                cut(
                        "cut from " + other.machine().name(),
                        keeper,
                        4,
                        () -> network.cut(keeper.machine(), other.machine()));
            }
            default -> {
                int jump = random.nextInt(7_200) - 3_600;
                if (cluster.canSetClocks()) {
                    note("clock", writer.machine().name() + " " + jump + " s");
                    cluster.setClock(allocator, jump);
                    // A process keeps time by itself; the one that starts next begins with the wrong time of day.
                    breakIt("kill -9", writer, 1, writer::kill, writer::ensureRunning);
                }
            }
        }
    }

    private void cut(String what, ClusterProcess process, int seconds, Step step)
            throws IOException, InterruptedException {
        if (network.canCut()) {
            breakIt(what, process, seconds, step, network::heal);
        }
    }

    private void breakIt(String what, ClusterProcess process, int seconds, Step step, Step mend)
            throws IOException, InterruptedException {
        String subject = process.machine().name();
        if (active.stream().noneMatch(fault -> fault.subject().equals(subject))) {
            note(what, subject + " for " + seconds + " s");
            step.run();
            active.add(new Fault(subject, System.nanoTime() + seconds * 1_000_000_000L, mend));
        }
    }

    private void note(String kind, String detail) {
        counts.merge(kind.replaceFirst(" from .*", ""), 1, Integer::sum);
        log.add(kind + " " + detail + " at batch " + cluster.history().state().seq());
    }

    void healWhatIsDue() throws IOException, InterruptedException {
        for (Iterator<Fault> faults = active.iterator(); faults.hasNext(); ) {
            Fault fault = faults.next();
            if (System.nanoTime() - fault.endNanos() >= 0) {
                faults.remove();
                fault.mend().run();
            }
        }
    }

    void healAll() throws IOException, InterruptedException {
        for (Fault fault : active) {
            fault.mend().run();
        }
        active.clear();
        network.heal();
    }

    /** The last of what happened. */
    String log() {
        return "faults " + log.subList(Math.max(0, log.size() - 20), log.size());
    }

    String summary() {
        return "faults " + counts;
    }
}
