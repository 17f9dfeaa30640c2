package directory.thisdcos.l4lb.ipvs;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Looks again and again, on the audit thread, whether servers that drain are idle: two looks make the end of a drain. */
final class DrainLooks {
    /** Two of them and the looks themselves stay below a second. */
    private static final long PAUSE_MILLIS = 300;

    /** Where millions of connections make a look long, looks take at most a quarter of the time. */
    private static final int LEAST_PAUSE_PER_LOOK = 3;

    private final ScheduledExecutorService thread;
    private final Supplier<Duration> look;

    /** @param look answers how long it took, without the wait for its turn: a long change must not delay later looks too */
    DrainLooks(ScheduledExecutorService thread, Supplier<Duration> look) {
        this.thread = thread;
        this.look = look;
    }

    void begin() {
        later(PAUSE_MILLIS);
    }

    private void look() {
        later(Math.max(PAUSE_MILLIS, LEAST_PAUSE_PER_LOOK * look.get().toMillis()));
    }

    private void later(long millis) {
        try {
            var unusedLook = thread.schedule(this::look, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closing: the next start goes on.
            return;
        }
    }
}
