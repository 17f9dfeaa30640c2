package directory.thisdcos.l4lb.store;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A daemon thread that takes a step, waits as long as the step said or until it is poked, and takes the next. However
 * many pokes arrive during a step, they cost one more step.
 */
final class PokedLoop implements AutoCloseable {
    private static final long CLOSE_WAIT_MILLIS = 1_000;

    private final Semaphore pokes = new Semaphore(0);
    private final Step step;
    private final Thread thread;
    private volatile boolean closed;

    /** One round of the work; must not throw. */
    interface Step {
        /**
         * @param poked false when only the time had come
         * @return how long to wait for the next poke
         */
        Duration run(boolean poked);
    }

    PokedLoop(String name, Step step) {
        this.step = step;
        this.thread = ZooKeeperClient.daemon(this::run, name);
    }

    void start() {
        thread.start();
    }

    /** Asks for a step soon; quick, from any thread. */
    void poke() {
        pokes.release();
    }

    boolean closed() {
        return closed;
    }

    private void run() {
        boolean poked = true;
        while (!closed) {
            poked = awaitPoke(step.run(poked));
        }
    }

    private boolean awaitPoke(Duration limit) {
        try {
            boolean poked = !closed && pokes.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
            pokes.drainPermits();
            return poked;
        } catch (InterruptedException e) {
            // Only close() interrupts; the loop ends by its flag.
            closed = true;
            return true;
        }
    }

    /** Within a step: waits a random time up to {@code most}, whatever pokes arrive; less only when closed. */
    void pause(Duration most) {
        long nanos = most.isZero() ? 0 : ThreadLocalRandom.current().nextLong(most.toNanos());
        long end = System.nanoTime() + nanos;
        while (!closed && end - System.nanoTime() > 0) {
            awaitPoke(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }

    /** An interval, a quarter more or less. */
    static Duration jittered(Duration interval) {
        double factor = 0.75 + ThreadLocalRandom.current().nextDouble() / 2;
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
