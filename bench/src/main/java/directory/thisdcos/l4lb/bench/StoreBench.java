package directory.thisdcos.l4lb.bench;

import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.StoreException;
import directory.thisdcos.l4lb.store.ZooKeeperClient;
import directory.thisdcos.l4lb.store.ZooKeeperJournal;
import directory.thisdcos.l4lb.store.ZooKeeperSettings;
import directory.thisdcos.l4lb.store.disk.TableFile;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * The table in ZooKeeper beside ZooKeeper's own writes on the same three servers, in one run. Arguments: the number of
 * names, and the number of followers.
 */
final class StoreBench {
    static final int BACKENDS = 10;
    private static final int ROUNDS = 7;
    private static final int WARM_UP = 20;
    private static final int WRITES = 200;
    private static final int WINDOW = 64;
    private static final String RAW = "/raw";
    private static final String RAW2 = "/raw2";

    private StoreBench() {}

    public static void main(String[] arguments) throws Exception {
        int names = Integer.parseInt(arguments[0]);
        int followers = Integer.parseInt(arguments[1]);
        Path dir = Files.createTempDirectory(Path.of("bench/target"), "store");
        try (StoreEnsemble ensemble = new StoreEnsemble(dir);
                ZooKeeperClient client = client(ensemble.first())) {
            ZooKeeperJournal journal = new ZooKeeperJournal(client);
            takeOver(journal);
            writes(ensemble, journal);
            State state = load(journal, names);
            child(List.of(), "memory", Integer.toString(names));
            Path file = Files.createDirectories(dir.resolve("table"));
            long start = System.nanoTime();
            new TableFile(file).save(state, "bench");
            System.out.printf("table file: saved in %.0f ms%n", millisSince(start));
            Path archive = dir.resolve("classes.jsa");
            child(List.of("-XX:ArchiveClassesAtExit=" + archive), "follower", ensemble.connect());
            for (int i = 0; i < 3; i++) {
                child(List.of("-XX:SharedArchiveFile=" + archive), "follower", ensemble.connect());
                child(List.of("-XX:SharedArchiveFile=" + archive), "file", file.toString());
            }
            int version = headVersion(ensemble.connect());
            try (StoreFanOut fanOut = new StoreFanOut(ensemble.connect(), followers, 30, version + 1)) {
                fanOut.measure(journal, ensemble);
            }
        }
    }

    static ProblemBoard problems() {
        return new ProblemBoard(new PrometheusRegistry(), InstantSource.system());
    }

    static ZooKeeperClient client(String connect) {
        ZooKeeperClient client = new ZooKeeperClient(
                ZooKeeperSettings.of(connect).withTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(30)),
                new PrometheusRegistry());
        client.start();
        return client;
    }

    /** On a machine that others use, the wall's clock says little. */
    static long cpuMillis() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toMillis)
                .orElse(-1L);
    }

    private static void takeOver(ZooKeeperJournal journal) throws StoreException {
        for (int tries = 0; ; tries++) {
            try {
                journal.takeOver();
                return;
            } catch (StoreException e) {
                if (tries == 5) {
                    throw e;
                }
            }
        }
    }

    static double millisSince(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private static ZooKeeper connect(String connect) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper raw = new ZooKeeper(connect, 30_000, event -> connected.countDown());
        connected.await();
        return raw;
    }

    private static int headVersion(String connect) throws Exception {
        ZooKeeper raw = connect(connect);
        int version = raw.exists("/l4lb/head", false).getVersion();
        raw.close();
        return version;
    }

    /** One write at a time, ours and ZooKeeper's own in turn; then as many as each can. */
    private static void writes(StoreEnsemble ensemble, ZooKeeperJournal journal) throws Exception {
        ZooKeeper raw = connect(ensemble.first());
        byte[] data = new byte[250];
        raw.create(RAW, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        raw.create(RAW2, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        double[] rawMillis = new double[ROUNDS];
        double[] pairMillis = new double[ROUNDS];
        double[] ourMillis = new double[ROUNDS];
        double[] rawRate = new double[ROUNDS];
        double[] ourRate = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double[] one = new double[WRITES];
            double[] pair = new double[WRITES];
            double[] ours = new double[WRITES];
            for (int i = 0; i < WRITES; i++) {
                long start = System.nanoTime();
                raw.setData(RAW, data, -1);
                one[i] = millisSince(start);
                start = System.nanoTime();
                raw.multi(List.of(Op.setData(RAW, data, -1), Op.setData(RAW2, data, -1)));
                pair[i] = millisSince(start);
                start = System.nanoTime();
                journal.append(List.of(StoreTable.allocation(i + (round & 1) * WRITES)));
                ours[i] = millisSince(start);
                // As the allocator does when it has told whoever waits.
                journal.tidy();
            }
            double pipelined = pipelined(raw, data);
            List<Change> many = StoreTable.changes(0, 10_000, 0).stream()
                    .filter(Change.AllocationPut.class::isInstance)
                    .toList();
            long start = System.nanoTime();
            journal.append(many);
            double allocations = many.size() / millisSince(start) * 1_000;
            if (round >= 0) {
                rawMillis[round] = median(one);
                pairMillis[round] = median(pair);
                ourMillis[round] = median(ours);
                rawRate[round] = pipelined;
                ourRate[round] = allocations;
            }
        }
        System.out.printf(
                "one write: setData p50 %.2f ms, two in a transaction p50 %.2f ms, append of one allocation p50 %.2f ms,"
                        + " ratio %.2f%n",
                median(rawMillis), median(pairMillis), median(ourMillis), median(ourMillis) / median(rawMillis));
        System.out.printf(
                "rate: setData one at a time %.0f/s, %d under way %.0f/s; allocations through one leader %.0f/s, ratio %.1f%n",
                1_000 / median(rawMillis), WINDOW, median(rawRate), median(ourRate), median(ourRate) / median(rawRate));
        raw.close();
    }

    private static double pipelined(ZooKeeper raw, byte[] data) throws InterruptedException {
        int total = 2_000;
        Semaphore window = new Semaphore(WINDOW);
        long start = System.nanoTime();
        for (int i = 0; i < total; i++) {
            window.acquire();
            raw.setData(RAW, data, -1, (rc, path, context, stat) -> window.release(), null);
        }
        window.acquire(WINDOW);
        return total / millisSince(start) * 1_000;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static State load(ZooKeeperJournal journal, int names) throws Exception {
        long cpu = cpuMillis();
        long start = System.nanoTime();
        State state = journal.append(StoreTable.changes(0, names, 0));
        System.out.printf(
                "import: %d names in %.1f s, CPU %d ms%n", names, millisSince(start) / 1_000, cpuMillis() - cpu);
        cpu = cpuMillis();
        start = System.nanoTime();
        for (int from = 0; from < names; from += 5_000) {
            state = journal.append(StoreTable.changes(from, Math.min(names, from + 5_000), BACKENDS));
        }
        System.out.printf(
                "import: %d backends each in %.1f s, CPU %d ms%n",
                BACKENDS, millisSince(start) / 1_000, cpuMillis() - cpu);
        start = System.nanoTime();
        journal.checkpoint();
        System.out.printf("checkpoint: %.0f ms; %s%n", millisSince(start), state);
        return state;
    }

    /** With the program's classes from an archive, as the program has them; the first only makes it. */
    private static void child(List<String> options, String what, String argument) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx1g");
        command.add("-Xlog:disable");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StoreCold.class.getName()));
        command.addAll(List.of(what, argument));
        new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
    }
}
