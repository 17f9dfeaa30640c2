package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.netlink.NamespaceLock;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DrainLooksTest {
    private static final int LOOKS = 3;

    @TempDir
    private Path directory;

    /** Remembers pauses and makes none. */
    private static final class Impatient extends ScheduledThreadPoolExecutor {
        private final Queue<Long> pauses = new ConcurrentLinkedQueue<>();

        Impatient() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            pauses.add(unit.toMillis(delay));
            return super.schedule(command, 0, unit);
        }
    }

    private static List<Long> pauses(Duration look) throws InterruptedException {
        CountDownLatch looks = new CountDownLatch(LOOKS);
        Impatient thread = new Impatient();
        new DrainLooks(thread, () -> {
                    looks.countDown();
                    return look;
                })
                .begin();
        looks.await();
        thread.shutdown();
        return List.copyOf(thread.pauses).subList(0, LOOKS);
    }

    @Test
    void longLooksArePaidForWithLongPauses() throws InterruptedException {
        assertEquals(List.of(300L, 300L, 300L), pauses(Duration.ZERO));
        assertEquals(List.of(300L, 6000L, 6000L), pauses(Duration.ofSeconds(2)));
    }

    @Test
    void theWaitForALongChangeIsNoPartOfALook() throws Exception {
        Duration change = Duration.ofSeconds(1);
        IpvsMetrics metrics = new IpvsMetrics(new PrometheusRegistry());
        Engine engine = new Engine(
                new FakeKernel(),
                new FakeDataPath(),
                OwnershipJournal.open(directory),
                new DrainFile(directory, InstantSource.system()),
                metrics,
                IpvsSettings.of(IpvsMode.ON, directory),
                false);
        NamespaceLock lock = NamespaceLock.take("l4lb-test-" + directory).orElseThrow();
        try (KernelKeeper keeper =
                new KernelKeeper(engine, lock, metrics, new SyncReports(metrics, (reporter, problems) -> {}))) {
            FutureTask<Duration> look = new FutureTask<>(keeper::endDrains);
            Thread looking = new Thread(look, "look");
            keeper.ask(busy -> {
                looking.start();
                long start = System.nanoTime();
                while (looking.getState() != Thread.State.WAITING || System.nanoTime() - start < change.toNanos()) {
                    Thread.onSpinWait();
                }
                return busy;
            });
            assertTrue(look.get().compareTo(change) < 0, "it took " + look.get());
        }
    }
}
