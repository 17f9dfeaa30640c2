package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings each table to this machine in the one safe order, so that no name is ever answered whose address the kernel
 * does not serve: what goes leaves DNS first, then the kernel changes, then DNS shows what came.
 *
 * <p>Runs on its own thread. A table that comes alone is applied at once; after it the next ones are gathered for
 * {@value #GATHER_MILLIS} ms, and of several that arrive meanwhile only the newest counts. So a thousand changes a second
 * cost the machine a hundred.
 */
final class NodeLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeLoop.class);

    /** How soon an address that the kernel did not take is tried again. */
    private static final long RETRY_MILLIS = 1_000;

    static final long GATHER_MILLIS = 10;

    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS);

    private final Function<State, Set<Ip>> dataPath;
    private final BiConsumer<State, Set<Ip>> dns;
    private final Consumer<State> applied;
    private final LongConsumer latency;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Thread thread = new Thread(this::run, "node");

    private @Nullable State newest;
    /** When the first table came that has not been taken yet. */
    private long waitingSince;

    private boolean closed;
    private State target = State.EMPTY;
    private boolean retry;
    private State shown = State.EMPTY;
    private Set<Ip> withheld = Set.of();
    /** When the last table was taken. */
    private long takenAt = System.nanoTime() - GATHER_NANOS;
    /** Whether there are changes that DNS does not show, and since when. */
    private boolean behind;

    private long behindSince;

    /**
     * @param dataPath brings the kernel to a table and returns the addresses that are not in place
     * @param dns shows a table without the given addresses
     * @param applied told of each table that both have taken
     * @param latency told of the nanoseconds from the first table that had not been applied to DNS showing it
     */
    NodeLoop(
            Function<State, Set<Ip>> dataPath,
            BiConsumer<State, Set<Ip>> dns,
            Consumer<State> applied,
            LongConsumer latency) {
        this.dataPath = dataPath;
        this.dns = dns;
        this.applied = applied;
        this.latency = latency;
    }

    /** Applies a table on the calling thread; only before {@link #start}. */
    void applyFirst(State table) {
        target = table;
        apply(table);
        retry = !withheld.isEmpty();
    }

    void start() {
        thread.start();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    void offer(State table) {
        lock.lock();
        try {
            if (newest == null) {
                waitingSince = System.nanoTime();
            }
            newest = table;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (awaitWork()) {
            try {
                apply(target);
                retry = !withheld.isEmpty();
            } catch (RuntimeException e) {
                log.error("{} could not be applied; trying again", target, e);
                retry = true;
            }
        }
    }

    /** Waits until there is a table to apply, or one to try again; false when closed. */
    private boolean awaitWork() {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
            while (newest == null && !closed && (!retry || nanos > 0)) {
                if (retry) {
                    nanos = arrived.awaitNanos(nanos);
                } else {
                    arrived.await();
                }
            }
            gather();
            if (newest != null) {
                target = newest;
                newest = null;
                behindSince = behind ? behindSince : waitingSince;
                behind = true;
            }
            takenAt = System.nanoTime();
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void gather() throws InterruptedException {
        long nanos = GATHER_NANOS - (System.nanoTime() - takenAt);
        while (nanos > 0 && !closed) {
            nanos = arrived.awaitNanos(nanos);
        }
    }

    private void apply(State next) {
        Set<Ip> going = new HashSet<>(withheld);
        next.forEachDifference(shown, (before, after) -> {
            if (before != null) {
                List<Ip> staying = after == null || !after.isLive() ? List.of() : after.addresses();
                before.addresses().stream().filter(ip -> !staying.contains(ip)).forEach(going::add);
            }
        });
        if (going.size() > withheld.size()) {
            dns.accept(shown, going);
        }
        Set<Ip> missing = dataPath.apply(next);
        dns.accept(next, missing);
        if (behind) {
            behind = false;
            latency.accept(System.nanoTime() - behindSince);
        }
        shown = next;
        withheld = missing;
        applied.accept(next);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
