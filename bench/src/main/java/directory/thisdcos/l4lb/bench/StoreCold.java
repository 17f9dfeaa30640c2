package directory.thisdcos.l4lb.bench;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.StateFollower;
import directory.thisdcos.l4lb.store.ZooKeeperClient;
import directory.thisdcos.l4lb.store.codec.Table;
import directory.thisdcos.l4lb.store.codec.TableCodec;
import directory.thisdcos.l4lb.store.disk.TableFile;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** What is measured in a JVM in which nothing is compiled or loaded yet: cold starts, and the memory of a table. */
final class StoreCold {

    private StoreCold() {}

    /** In a JVM of its own: the first argument says what, the second of what. */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "follower" -> coldFollower(arguments[1]);
            case "file" -> coldFile(Path.of(arguments[1]));
            case "memory" -> memory(Integer.parseInt(arguments[1]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Live heap of a state, by two sizes: what a backend takes, and what is left for a name. */
    private static void memory(int names) throws IOException {
        long few = stateBytes(names, 1);
        long many = stateBytes(names, StoreBench.BACKENDS);
        double backend = (many - few) / (double) names / (StoreBench.BACKENDS - 1);
        System.out.printf(
                "memory: %.0f octets a backend, %.0f octets a name with its service; %d MiB in all%n",
                backend, few / (double) names - backend, many >> 20);
    }

    /** As a follower has it, which shares texts that repeat. */
    private static long stateBytes(int names, int backends) throws IOException {
        byte[] file = table(names, backends);
        long before = used();
        State state = TableCodec.read(file).state();
        long bytes = used() - before;
        if (state.size() != names) {
            throw new IllegalStateException("the state has " + state.size() + " names");
        }
        return bytes;
    }

    private static byte[] table(int names, int backends) throws IOException {
        State state = State.EMPTY;
        for (int from = 0; from < names; from += 5_000) {
            state = state.fold(StoreTable.changes(from, Math.min(names, from + 5_000), backends));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TableCodec.write(new Table("bench", Instant.now(), state), out);
        return out.toByteArray();
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** In a JVM of its own: nothing is compiled or loaded yet. */
    private static void coldFollower(String connect) throws Exception {
        long start = System.nanoTime();
        CountDownLatch ready = new CountDownLatch(1);
        try (ZooKeeperClient client = StoreBench.client(connect);
                StateFollower follower = new StateFollower(
                        client,
                        Optional.empty(),
                        state -> ready.countDown(),
                        new PrometheusRegistry(),
                        StoreBench.problems())) {
            follower.start();
            ready.await();
            System.out.printf(
                    "cold follower from ZooKeeper: %.0f ms, CPU of the whole JVM %d ms, %s%n",
                    StoreBench.millisSince(start), StoreBench.cpuMillis(), follower.current());
            System.out.flush();
        }
    }

    private static void coldFile(Path file) {
        long start = System.nanoTime();
        State state = new TableFile(file).load().orElseThrow().state();
        System.out.printf(
                "cold follower from its file: %.0f ms, CPU of the whole JVM %d ms, %s%n",
                StoreBench.millisSince(start), StoreBench.cpuMillis(), state);
    }
}
