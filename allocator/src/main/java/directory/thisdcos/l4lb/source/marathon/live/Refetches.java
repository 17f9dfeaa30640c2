package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.http.HttpFailure;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The apps and pods that are to be read again: each a moment after the first event about it, so that one reading serves
 * a burst, and never again before a while that grows with what the reading costs. Safe for every thread.
 */
final class Refetches {

    /** Events of one task come in pairs and triples, and Marathon stores what they tell about when it sends them. */
    private static final Duration SETTLE = Duration.ofMillis(50);

    private static final Duration LEAST_PAUSE = Duration.ofMillis(250);

    /** One app takes one part in so many of the time of one thread at most. */
    private static final int SHARE = 10;

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(Refetches.class);

    /** Reads one; whether it must be read again. Counts and logs its failures itself. */
    interface Reading {
        boolean read(String id) throws HttpFailure;
    }

    private static final class Entry {
        private boolean waiting;
        private boolean running;
        private boolean again;
        private long notBefore;
        private long retryNanos = FIRST_RETRY.toNanos();
    }

    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final Reading reading;
    private final Map<String, Entry> entries = new HashMap<>();

    Refetches(ScheduledExecutorService timer, Executor workers, Reading reading) {
        this.timer = timer;
        this.workers = workers;
        this.reading = reading;
    }

    void touch(Collection<String> ids) {
        ids.forEach(this::touch);
    }

    synchronized void touch(String id) {
        Entry entry = entries.computeIfAbsent(id, absent -> new Entry());
        if (entry.running) {
            entry.again = true;
        } else if (!entry.waiting) {
            schedule(id, entry, SETTLE.toNanos());
        }
    }

    /** Forgets those that wait: everything is read anew. */
    synchronized void clear() {
        Set<String> idle = new HashSet<>();
        entries.forEach((id, entry) -> {
            entry.again = false;
            if (!entry.running && !entry.waiting) {
                idle.add(id);
            }
        });
        entries.keySet().removeAll(idle);
    }

    private void schedule(String id, Entry entry, long leastNanos) {
        long delay = Math.max(leastNanos, entry.notBefore - System.nanoTime());
        entry.waiting = true;
        try {
            var unused = timer.schedule(() -> start(id), delay, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            entry.waiting = false; // The source is closed.
        }
    }

    private synchronized void start(String id) {
        Entry entry = entries.computeIfAbsent(id, absent -> new Entry());
        entry.waiting = false;
        entry.running = true;
        try {
            workers.execute(() -> run(id));
        } catch (RejectedExecutionException e) {
            entry.running = false;
        }
    }

    private void run(String id) {
        long begin = System.nanoTime();
        boolean failed = false;
        boolean again = false;
        try {
            again = reading.read(id);
        } catch (HttpFailure e) {
            failed = true;
        } catch (RuntimeException e) {
            failed = true;
            log.error("reading {} failed; what was said of it stays in force", id, e);
        } finally {
            end(id, System.nanoTime() - begin, again, failed);
        }
    }

    private synchronized void end(String id, long took, boolean again, boolean failed) {
        Entry entry = entries.computeIfAbsent(id, absent -> new Entry());
        entry.running = false;
        entry.notBefore = System.nanoTime() + Math.max(LEAST_PAUSE.toNanos(), SHARE * took);
        boolean wanted = again || entry.again;
        entry.again = false;
        if (failed) {
            schedule(id, entry, entry.retryNanos);
            entry.retryNanos = Math.min(2 * entry.retryNanos, LAST_RETRY.toNanos());
            return;
        }
        entry.retryNanos = FIRST_RETRY.toNanos();
        if (wanted) {
            schedule(id, entry, SETTLE.toNanos());
        }
    }
}
