package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.netlink.NamespaceLock;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Keeps the kernel of one network namespace as the state wants it, and tells what became of that. Safe for every thread
 * of that namespace: callers take turns under one lock, so that there is one writer.
 */
final class KernelKeeper implements AutoCloseable {
    private final Engine engine;
    private final NamespaceLock namespaceLock;
    private final IpvsMetrics metrics;
    private final SyncReports reports;
    private final InstantSource clock = InstantSource.system();
    private final ReentrantLock lock = new ReentrantLock();

    private State state = State.EMPTY;

    /** The last state that is in the kernel as far as the kernel took it. */
    private State applied = State.EMPTY;

    private boolean closed;

    KernelKeeper(Engine engine, NamespaceLock namespaceLock, IpvsMetrics metrics, SyncReports reports) {
        this.engine = engine;
        this.namespaceLock = namespaceLock;
        this.metrics = metrics;
        this.reports = reports;
    }

    /**
     * Brings the kernel to the state and returns when that is done.
     *
     * @return addresses of live targets that do not work here now
     */
    Set<Ip> apply(State next) {
        lock.lock();
        try {
            state = next;
            if (closed) {
                return Set.of();
            }
            long start = System.nanoTime();
            try {
                engine.apply(next);
                applied = next;
                reports.succeeded();
                return engine.notInPlace();
            } catch (IOException e) {
                reports.failed("applying the table", e);
                return changedAddresses(applied, next);
            } finally {
                metrics.applied(Duration.ofNanos(System.nanoTime() - start));
                report();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Looks again at targets for which this node's own view may have changed, and brings the kernel to it. */
    void touch(Set<Target> targets) {
        lock.lock();
        try {
            engine.desired().touch(targets);
            apply(state);
        } finally {
            lock.unlock();
        }
    }

    /** What {@link #apply} returned last, minus what audits have brought in place since. */
    Set<Ip> notInPlace() {
        lock.lock();
        try {
            if (closed) {
                return Set.of();
            }
            Set<Ip> addresses = changedAddresses(applied, state);
            addresses.addAll(engine.notInPlace());
            return addresses;
        } finally {
            lock.unlock();
        }
    }

    private static Set<Ip> changedAddresses(State before, State next) {
        Set<Ip> addresses = new TreeSet<>();
        next.forEachDifference(before, (old, now) -> {
            if (now != null && now.isLive()) {
                addresses.addAll(now.addresses());
            }
        });
        return addresses;
    }

    /** Compares with the kernel now and mends it; what was mended, by kind. */
    Map<String, Integer> audit() {
        lock.lock();
        try {
            if (closed) {
                return Map.of();
            }
            long start = System.nanoTime();
            AuditFindings findings = engine.audit(state);
            applied = state;
            reports.audited(new AuditReport(
                    clock.instant(),
                    Duration.ofNanos(System.nanoTime() - start),
                    findings.slices(),
                    findings.repairs(),
                    findings.shown()));
            return findings.repairs();
        } catch (IOException e) {
            reports.failed("the audit", e);
            return Map.of();
        } catch (RuntimeException e) {
            // The top of the audit thread: one bad audit must not end all later ones.
            reports.failed("the audit", e);
            return Map.of();
        } finally {
            report();
            lock.unlock();
        }
    }

    /**
     * Looks now whether servers that drain are idle or late, and removes them.
     *
     * @return how long that took, once it had its turn
     */
    Duration endDrains() {
        lock.lock();
        try {
            long start = System.nanoTime();
            if (!closed) {
                endDrainsNow();
            }
            return Duration.ofNanos(System.nanoTime() - start);
        } finally {
            lock.unlock();
        }
    }

    private void endDrainsNow() {
        try {
            engine.endDrains();
        } catch (IOException e) {
            reports.failed("ending drains", e);
        } catch (RuntimeException e) {
            reports.failed("ending drains", e);
        }
    }

    /** Makes the next few of those changes that do not go all at once; whether there are more. */
    boolean goOn() {
        lock.lock();
        try {
            if (!closed) {
                engine.goOn();
                return engine.isUnfinished();
            }
        } catch (IOException e) {
            // The audit reads the kernel anew and goes on.
            reports.failed("changing schedulers", e);
        } finally {
            lock.unlock();
        }
        return false;
    }

    private void report() {
        if (!closed) {
            reports.problems(engine.problems());
        }
    }

    /** Asks the engine, while nothing changes. */
    <T> T ask(Function<Engine, T> question) {
        lock.lock();
        try {
            return question.apply(engine);
        } finally {
            lock.unlock();
        }
    }

    State state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** The kernel keeps its table. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                engine.close();
                namespaceLock.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
