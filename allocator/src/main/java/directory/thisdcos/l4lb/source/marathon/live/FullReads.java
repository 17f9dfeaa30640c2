package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.http.HttpFailure;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads everything, one time after the other, however often it is asked for. Safe for every thread. */
final class FullReads {
    private static final Logger log = LoggerFactory.getLogger(FullReads.class);

    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

    /** Reading all takes one part in so many of the time at most, unless a new stream needs it. */
    private static final int SHARE = 5;

    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LAST_RETRY = Duration.ofSeconds(30);

    /** A Marathon without a single app is asked again after so long before it is believed. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(3);

    /** What is read and where it goes. */
    interface Reading {
        /**
         * Reads everything.
         *
         * @param believeEmpty whether nothing at all is an answer
         * @return whether it was believed
         */
        boolean read(boolean believeEmpty) throws HttpFailure;
    }

    private final ScheduledExecutorService workers;
    private final Reading reading;
    private boolean running;
    private boolean scheduled;
    private boolean again;
    private boolean hurried;
    private boolean sawNothing;
    private long notBefore = System.nanoTime();
    private long retryNanos = FIRST_RETRY.toNanos();

    FullReads(ScheduledExecutorService workers, Reading reading) {
        this.workers = workers;
        this.reading = reading;
    }

    /** Reads all as soon as the load that this makes allows. */
    synchronized void request() {
        if (running) {
            again = true;
        } else if (!scheduled) {
            schedule(notBefore - System.nanoTime());
        }
    }

    /** Reads all now; if it is being read, once more after that, since the answer may be older than this. */
    synchronized void requestNow() {
        if (running) {
            again = true;
            hurried = true;
        } else {
            // One that is scheduled for later finds nothing to do before its time.
            schedule(0);
        }
    }

    private void schedule(long delayNanos) {
        scheduled = true;
        try {
            var unused = workers.schedule(this::run, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            scheduled = false; // The source is closed.
        }
    }

    private void run() {
        boolean believeEmpty;
        synchronized (this) {
            if (running || !scheduled) {
                return;
            }
            running = true;
            scheduled = false;
            again = false;
            hurried = false;
            believeEmpty = sawNothing;
        }
        long begin = System.nanoTime();
        boolean failed = true;
        boolean believed = true;
        try {
            believed = reading.read(believeEmpty);
            failed = false;
        } catch (HttpFailure e) {
            log.debug("reading everything failed", e);
        } catch (RuntimeException e) {
            log.error("reading everything failed", e);
        } finally {
            end(System.nanoTime() - begin, failed, believed);
        }
    }

    private synchronized void end(long took, boolean failed, boolean believed) {
        running = false;
        notBefore = System.nanoTime() + Math.max(LEAST_PAUSE.toNanos(), SHARE * took);
        if (failed) {
            schedule(hurried ? 0 : retryNanos);
            retryNanos = Math.min(2 * retryNanos, LAST_RETRY.toNanos());
            return;
        }
        retryNanos = FIRST_RETRY.toNanos();
        sawNothing = !believed;
        if (!believed) {
            schedule(LOOK_AGAIN.toNanos());
        } else if (again) {
            schedule(hurried ? 0 : notBefore - System.nanoTime());
        }
    }
}
