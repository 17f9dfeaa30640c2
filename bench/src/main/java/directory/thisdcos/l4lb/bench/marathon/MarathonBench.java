package directory.thisdcos.l4lb.bench.marathon;

import directory.thisdcos.l4lb.allocator.Allocator;
import directory.thisdcos.l4lb.allocator.AllocatorSettings;
import directory.thisdcos.l4lb.allocator.DangerousAddresses;
import directory.thisdcos.l4lb.allocator.FlapSettings;
import directory.thisdcos.l4lb.allocator.Leadership;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.SourceSink;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import directory.thisdcos.l4lb.source.marathon.live.MarathonMetrics;
import directory.thisdcos.l4lb.source.marathon.live.MarathonSettings;
import directory.thisdcos.l4lb.source.marathon.live.MarathonSource;
import directory.thisdcos.l4lb.store.StateFollower;
import directory.thisdcos.l4lb.store.ZooKeeperClient;
import directory.thisdcos.l4lb.store.ZooKeeperJournal;
import directory.thisdcos.l4lb.store.ZooKeeperSettings;
import directory.thisdcos.l4lb.store.embedded.EmbeddedZooKeeper;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * {@code MarathonBench APPS TASKS EVENTS_PER_SECOND EVENTS}: reads a Marathon with so many apps of so many tasks each
 * into an empty table, prints how long that took and how much heap, then lets it send events, and prints how long each
 * took from the socket to another client of ZooKeeper.
 */
public final class MarathonBench implements AutoCloseable {
    /** The first runs on code that is not compiled yet. */
    private static final int ROUNDS = 3;

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final int tasks;
    private final Process load;
    private final BufferedReader fromLoad;
    private final EmbeddedZooKeeper zooKeeper;
    private final ZooKeeperClient writing;
    private final ZooKeeperClient reading;
    private final Allocator allocator;
    private final MarathonSource source;
    private final Probes probes = new Probes();
    private final CountDownLatch loaded = new CountDownLatch(1);
    private volatile long toldNanos;

    public static void main(String[] arguments) throws Exception {
        int apps = Integer.parseInt(arguments[0]);
        int tasks = Integer.parseInt(arguments[1]);
        try (MarathonBench bench = new MarathonBench(arguments, apps, tasks)) {
            bench.snapshot(apps);
            for (int round = 1; round <= ROUNDS; round++) {
                bench.events(round, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            }
        }
        System.exit(0);
    }

    private MarathonBench(String[] arguments, int apps, int tasks) throws Exception {
        this.tasks = tasks;
        this.load = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadServer.class.getName(),
                        arguments[0],
                        arguments[1],
                        arguments[2],
                        arguments[3]))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.fromLoad = new BufferedReader(new InputStreamReader(load.getInputStream(), StandardCharsets.UTF_8));
        String url = "http://127.0.0.1:" + fromLoad.readLine();
        PrometheusRegistry registry = new PrometheusRegistry();
        InstantSource clock = InstantSource.system();
        ProblemBoard problems = new ProblemBoard(registry, clock);
        zooKeeper =
                new EmbeddedZooKeeper(Files.createTempDirectory("l4lb-bench"), Endpoint.parse("127.0.0.1:0"), problems);
        zooKeeper.start();
        writing = new ZooKeeperClient(ZooKeeperSettings.of(zooKeeper.connectString()), registry);
        writing.start();
        reading = new ZooKeeperClient(ZooKeeperSettings.of(zooKeeper.connectString()), new PrometheusRegistry());
        reading.start();
        HostAddresses hosts = new HostAddresses(host -> List.of(), clock);
        source = new MarathonSource(
                new MarathonSettings(ServerUrl.parseList(url), Duration.ofHours(1)),
                new HttpTransport(hosts, Optional.empty()),
                Authorization.NONE,
                hosts,
                new MarathonMetrics(registry));
        allocator = new Allocator(
                new AllocatorSettings(
                        new Pools(
                                IpRange.parse("11.0.0.0-11.255.255.255"),
                                IpRange.parse("fd01:c::-fd01:c::ffff:ffff:ffff:ffff")),
                        Duration.ofHours(1),
                        Set.of(source.id()),
                        Duration.ZERO,
                        new FlapSettings(0, Duration.ofMinutes(1), Duration.ofSeconds(30)),
                        new DangerousAddresses(java.util.Map.of())),
                new ZooKeeperJournal(writing),
                new AlwaysLeader(),
                problems,
                registry,
                clock);
        allocator.start();
        long wanted = (long) apps * tasks;
        follow(state -> {
            probes.seen(state);
            if (loaded.getCount() > 0 && backends(state) == wanted) {
                loaded.countDown();
            }
        });
    }

    private void follow(Consumer<State> listener) {
        new StateFollower(
                        reading,
                        Optional.empty(),
                        listener,
                        new PrometheusRegistry(),
                        new ProblemBoard(new PrometheusRegistry(), InstantSource.system()))
                .start();
    }

    private static long backends(State state) {
        return state.vips()
                .flatMap(vip -> vip.services().stream())
                .mapToLong(service -> service.backends().size())
                .sum();
    }

    private void snapshot(int apps) throws Exception {
        System.gc();
        pools().forEach(MemoryPoolMXBean::resetPeakUsage);
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        source.start(new Timing());
        if (!loaded.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("not loaded in time");
        }
        long end = System.nanoTime();
        long peak = pools().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        System.gc();
        long kept = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        System.out.printf(
                "snapshot apps=%d tasks=%d parsed=%.2fs in-table=%.2fs cpu=%.2fs peak-heap=%dMiB live-heap=%dMiB max-heap=%dMiB%n",
                apps,
                apps * tasks,
                (toldNanos - begin) / 1e9,
                (end - begin) / 1e9,
                (cpuNanos() - cpu) / 1e9,
                peak >> 20,
                kept >> 20,
                Runtime.getRuntime().maxMemory() >> 20);
    }

    private static java.util.stream.Stream<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP);
    }

    private void events(int round, int perSecond, int count) throws IOException {
        long begin = System.nanoTime();
        long cpu = cpuNanos();
        load.getOutputStream().write('\n');
        load.getOutputStream().flush();
        String line = fromLoad.readLine();
        while (line != null && !line.equals("end")) {
            String[] fields = line.split(" ", -1);
            probes.sent(Integer.parseInt(fields[0]), Boolean.parseBoolean(fields[1]), Long.parseLong(fields[2]));
            line = fromLoad.readLine();
        }
        long wall = System.nanoTime() - begin;
        System.out.printf(
                "round=%d events=%d rate=%d/s %s cpu=%.0f%%%n",
                round, count, perSecond, probes.result(Duration.ofSeconds(10)), 100.0 * (cpuNanos() - cpu) / wall);
    }

    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }

    @Override
    public void close() {
        source.close();
        allocator.close();
        writing.close();
        reading.close();
        zooKeeper.close();
        load.destroy();
    }

    private record AlwaysLeader() implements Leadership {
        @Override
        public Optional<URI> leaderApi() {
            return Optional.empty();
        }

        @Override
        public boolean isLeader() {
            return true;
        }

        @Override
        public void awaitChange(Duration atMost) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(atMost.toNanos());
        }
    }

    private final class Timing implements SourceSink {
        @Override
        public void accept(SourceUpdate update) {
            if (update.whole() && toldNanos == 0) {
                toldNanos = System.nanoTime();
            }
            allocator.accept(update);
        }

        @Override
        public void health(String id, SourceHealth health) {
            allocator.health(id, health);
        }
    }
}
