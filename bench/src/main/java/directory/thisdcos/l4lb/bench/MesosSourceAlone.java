package directory.thisdcos.l4lb.bench;

import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.SourceSink;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import directory.thisdcos.l4lb.source.mesos.MasterSource;
import directory.thisdcos.l4lb.source.mesos.Masters;
import directory.thisdcos.l4lb.source.mesos.MesosMetrics;
import directory.thisdcos.l4lb.source.mesos.MesosSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * {@code MesosSourceAlone TASKS UPDATES}: a Mesos source without the rest of the program, on a stream in the same
 * process. Prints how long the source's thread worked on the whole state and on the updates, and the heap that the
 * source and what it said then hold.
 */
public final class MesosSourceAlone {
    private MesosSourceAlone() {}

    private static final class Sink implements SourceSink {
        private final CountDownLatch whole = new CountDownLatch(1);
        private final CountDownLatch changes;
        private volatile Optional<SourceUpdate> first = Optional.empty();
        private volatile long cpuNanos;

        Sink(int updates) {
            changes = new CountDownLatch(updates);
        }

        @Override
        public void accept(SourceUpdate update) {
            cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            if (update.whole()) {
                first = Optional.of(update);
                whole.countDown();
            } else {
                changes.countDown();
            }
        }

        @Override
        public void health(String source, SourceHealth health) {}
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int tasks = Integer.parseInt(arguments[0]);
        int updates = Integer.parseInt(arguments[1]);
        HostAddresses hosts = new HostAddresses(host -> List.of(), InstantSource.system());
        Sink sink = new Sink(updates);
        try (MesosMaster master = new MesosMaster(tasks);
                HttpTransport transport = new HttpTransport(hosts, Optional.empty());
                MasterSource source = new MasterSource(
                        Masters.at(ServerUrl.parseList(master.url()), transport, Authorization.NONE),
                        MesosSettings.DEFAULT,
                        hosts,
                        new MesosMetrics(new PrometheusRegistry()),
                        InstantSource.system())) {
            source.start(sink);
            sink.whole.await();
            double state = sink.cpuNanos / 1e9;
            System.out.printf(
                    "%d tasks, %d MB: %.2f s of the thread, then %d MiB of heap%n",
                    sink.first.map(update -> update.units().size()).orElse(0),
                    master.stateOctets() / 1_000_000,
                    state,
                    heapMebibytes());
            master.update(1_000_000, updates);
            sink.changes.await();
            double each = (sink.cpuNanos / 1e3 - state * 1e6) / updates;
            System.out.printf("%d updates: %.1f us of the thread each%n", updates, each);
        }
    }

    private static long heapMebibytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }
}
