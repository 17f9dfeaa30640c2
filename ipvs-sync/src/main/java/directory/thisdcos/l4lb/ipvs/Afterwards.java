package directory.thisdcos.l4lb.ipvs;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What comes soon after an apply or an audit, on the audit thread: ends of UDP drains, and the rest of a long change. */
final class Afterwards {
    /** Long enough for whoever waits to have a turn. */
    private static final long PAUSE_MILLIS = 5;

    private final KernelKeeper kernel;
    private final ScheduledExecutorService thread;
    private final Duration udpDrain;

    Afterwards(KernelKeeper kernel, ScheduledExecutorService thread, Duration udpDrain) {
        this.kernel = kernel;
        this.thread = thread;
        this.udpDrain = udpDrain;
    }

    void plan() {
        if (kernel.ask(Engine::drainsUdp)) {
            later(kernel::endDrains, udpDrain.toMillis() + 1);
        }
        if (kernel.ask(Engine::isUnfinished)) {
            later(this::goOn, PAUSE_MILLIS);
        }
    }

    private void goOn() {
        if (kernel.goOn()) {
            later(this::goOn, PAUSE_MILLIS);
        }
    }

    private void later(Runnable task, long millis) {
        try {
            var unusedTask = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closing: the next start goes on.
            return;
        }
    }
}
