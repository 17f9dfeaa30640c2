package directory.thisdcos.l4lb.bench.ipvs;

import directory.thisdcos.l4lb.ipvs.AuditReport;
import directory.thisdcos.l4lb.ipvs.IpvsException;
import directory.thisdcos.l4lb.ipvs.IpvsMode;
import directory.thisdcos.l4lb.ipvs.IpvsSettings;
import directory.thisdcos.l4lb.ipvs.IpvsSync;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Loads, single changes, audits and adoption, each beside what it is compared with, on one kernel in one run.
 * Arguments: the compiled {@code ipvs-load.c}, a folder for files, and which parts: load, change, audit, adoption.
 */
public final class IpvsBench {
    private static final int LOADED = 5_000;
    private static final int ADOPTED = 10_000;
    private static final int[] SIZES = {1_000, 10_000, 20_000};
    private static final int ROUNDS = 3;
    private static final int CHANGES = 2_000;
    private static final int WARM = 500;
    private static final int AUDITS = 15;

    private final Path load;
    private final Path folder;
    private final Path plan;
    private int directories;

    private IpvsBench(Path load, Path folder) {
        this.load = load;
        this.folder = folder;
        this.plan = folder.resolve("plan");
    }

    public static void main(String[] args) throws Exception {
        IpvsBench bench = new IpvsBench(Path.of(args[0]), Path.of(args[1]));
        for (String part : List.of(args).subList(2, args.length)) {
            switch (part) {
                case "load" -> bench.loads(Tables.of(LOADED));
                case "change" -> {
                    for (int size : SIZES) {
                        bench.changes(size);
                    }
                }
                case "audit" -> bench.audits();
                case "adoption" -> bench.adoption();
                default -> throw new IllegalArgumentException("no part '" + part + "'");
            }
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    private IpvsSync open(Path directory) throws IpvsException, IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        return IpvsSync.open(
                IpvsSettings.of(IpvsMode.ON, directory)
                        .withAuditInterval(Duration.ofMinutes(1))
                        .withDrainLimit(Duration.ZERO),
                registry,
                new ProblemBoard(registry, InstantSource.system()));
    }

    private Path directory() {
        return folder.resolve("data-" + directories++);
    }

    private static String run(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/bash", "-ec", script)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(script + ": " + output);
        }
        return output.strip();
    }

    /** Lines of {@code ipvsadm -Sn} without the sentinels. */
    private static int table() throws IOException, InterruptedException {
        return Integer.parseInt(run("ipvsadm -Sn | grep -vc -- '-f ' || true"));
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    private static double quantile(List<Double> values, double share) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((int) Math.min(sorted.size() - 1L, (long) (sorted.size() * share)));
    }

    private double ours(State state) throws Exception {
        run("ipvsadm -C");
        try (IpvsSync sync = open(directory())) {
            sync.apply(Tables.empty());
            long start = System.nanoTime();
            sync.apply(state);
            double took = millis(System.nanoTime() - start);
            if (!Files.exists(plan)) {
                Files.writeString(
                        plan,
                        sync.plan()
                                .lines()
                                .filter(line -> !line.contains(" -f "))
                                .reduce("", (all, line) -> all + line + "\n"));
            }
            check();
            return took;
        }
    }

    private static void check() throws Exception {
        int lines = table();
        if (lines != LOADED * (1 + Tables.BACKENDS)) {
            throw new IOException("the kernel has " + lines + " lines");
        }
    }

    private double theirs(String script) throws Exception {
        run("ipvsadm -C");
        long start = System.nanoTime();
        String output = run(script);
        double took = millis(System.nanoTime() - start);
        check();
        // The C program says itself how long the messages took; ipvsadm starts once, and that is part of it.
        return output.isEmpty() ? took : Double.parseDouble(output.substring(0, output.indexOf(' ')));
    }

    private void loads(State state) throws Exception {
        // In a JVM in which this part comes first nothing is compiled yet.
        double first = ours(state);
        List<Double> ours = new ArrayList<>();
        List<Double> batch = new ArrayList<>();
        List<Double> single = new ArrayList<>();
        List<Double> ipvsadm = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            batch.add(theirs(load + " batch " + plan));
            ours.add(ours(state));
            say("  round %d ms: C in batches %.0f, ours %.0f", i + 1, batch.get(i), ours.get(i));
        }
        // These take so much longer that once is enough.
        single.add(theirs(load + " single " + plan));
        ipvsadm.add(theirs("ipvsadm -R < " + plan));
        say(
                "load %d x %d ms: ours %.0f (first %.0f), C in batches %.0f, C one by one %.0f, ipvsadm -R %.0f",
                LOADED, Tables.BACKENDS, median(ours), first, median(batch), median(single), median(ipvsadm));
        say(
                "  ipvsadm -R / ours = %.1f (wanted 20), one by one / ours = %.1f (2), ours / C = %.2f (1.3), first / C ="
                        + " %.2f (3)",
                median(ipvsadm) / median(ours),
                median(single) / median(ours),
                median(ours) / median(batch),
                first / median(batch));
        run("ipvsadm -C");
    }

    private void changes(int size) throws Exception {
        State state = Tables.of(size);
        run("ipvsadm -C");
        try (IpvsSync sync = open(directory())) {
            sync.apply(state);
            List<Double> all = new ArrayList<>();
            long writes = sync.status().writes();
            for (int i = 0; i < CHANGES; i++) {
                state = Tables.withBackend(state, (i / 2 * 7_919) % size, i % 2 == 0);
                long start = System.nanoTime();
                sync.apply(state);
                all.add((System.nanoTime() - start) / 1e3);
            }
            double perChange = (double) (sync.status().writes() - writes) / CHANGES;
            List<Double> warm = all.subList(WARM, CHANGES);
            say(
                    "one change of %d x %d: %.2f messages, us: median %.0f, p95 %.0f, p99 %.0f; first %.0f, median of the"
                            + " first 100 %.0f (wanted 1000)",
                    size,
                    Tables.BACKENDS,
                    perChange,
                    median(warm),
                    quantile(warm, 0.95),
                    quantile(warm, 0.99),
                    all.get(0),
                    median(all.subList(0, 100)));
        }
    }

    private void audits() throws Exception {
        run("ipvsadm -C");
        try (IpvsSync sync = open(directory())) {
            sync.apply(Tables.of(LOADED));
            List<Double> audits = new ArrayList<>();
            List<Double> slices = new ArrayList<>();
            List<Double> reads = new ArrayList<>();
            long writes = sync.status().writes();
            for (int i = 0; i < AUDITS; i++) {
                long start = System.nanoTime();
                byte[] proc = Files.readAllBytes(Path.of("/proc/net/ip_vs"));
                reads.add(millis(System.nanoTime() - start));
                if (proc.length == 0) {
                    throw new IOException("an empty table");
                }
                sync.audit();
                AuditReport report = sync.status().lastAudit().orElseThrow();
                audits.add(millis(report.took().minus(report.slices()).toNanos()));
                slices.add(millis(report.slices().toNanos()));
            }
            say(
                    "audit of %d x %d ms: %.0f and %.0f for slices, first %.0f; one read of /proc/net/ip_vs %.0f; ratio %.2f"
                            + " (wanted 1.5); writes %d",
                    LOADED,
                    Tables.BACKENDS,
                    median(audits),
                    median(slices),
                    audits.get(0),
                    median(reads),
                    median(audits) / median(reads),
                    sync.status().writes() - writes);
        }
    }

    private void adoption() throws Exception {
        State state = Tables.of(ADOPTED);
        Path directory = directory();
        run("ipvsadm -C");
        try (IpvsSync sync = open(directory)) {
            sync.apply(state);
        }
        List<Double> adoptions = new ArrayList<>();
        List<Double> reads = new ArrayList<>();
        long writes = 0;
        for (int i = 0; i < ROUNDS; i++) {
            try (IpvsSync sync = open(directory)) {
                long start = System.nanoTime();
                sync.apply(state);
                adoptions.add(millis(System.nanoTime() - start));
                writes += sync.status().writes();
            }
            // Another process, which keeps nothing of it.
            long start = System.nanoTime();
            run("cat /proc/net/ip_vs > /dev/null");
            reads.add(millis(System.nanoTime() - start));
        }
        long start = System.nanoTime();
        run("ipvsadm -Ln > /dev/null");
        say(
                "adoption of %d x %d ms: first %.0f, then %.0f (wanted 1000), %d writes; cat /proc/net/ip_vs %.0f,"
                        + " ipvsadm -Ln %.0f",
                ADOPTED,
                Tables.BACKENDS,
                adoptions.get(0),
                Collections.min(adoptions),
                writes,
                Collections.min(reads),
                millis(System.nanoTime() - start));
    }
}
