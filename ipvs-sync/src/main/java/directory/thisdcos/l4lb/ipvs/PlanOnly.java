package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** The table that a kernel would get. Safe for every thread. */
final class PlanOnly {
    private final IpvsSettings settings;
    private final IpvsMetrics metrics;
    private final SyncReports reports;
    private final DesiredTable table = new DesiredTable();
    private final ReentrantLock lock = new ReentrantLock();
    private State state = State.EMPTY;

    PlanOnly(IpvsSettings settings, IpvsMetrics metrics, SyncReports reports) {
        this.settings = settings;
        this.metrics = metrics;
        this.reports = reports;
    }

    /** Before the first table (a state without pools) nothing happens. */
    void apply(State next) {
        lock.lock();
        try {
            State before = state;
            state = next;
            if (next.pools().isEmpty()) {
                return;
            }
            if (before.pools().equals(next.pools())) {
                table.update(next);
            } else {
                table.rebuild(
                        next,
                        new HostView(
                                List.of(),
                                settings.nodeNames(),
                                EngineStart.hasIpv6(),
                                settings.panicPercent(),
                                settings.local(),
                                Set.of()));
            }
            metrics.table(table.serviceCount(), table.destinationCount());
            reports.problems(table.problems(next.pools().get()));
        } finally {
            lock.unlock();
        }
    }

    /** Looks again at targets for which this node's own view may have changed. */
    void touch(Set<Target> targets) {
        lock.lock();
        try {
            table.touch(targets);
            apply(state);
        } finally {
            lock.unlock();
        }
    }

    <T> T ask(Function<DesiredTable, T> question) {
        lock.lock();
        try {
            return question.apply(table);
        } finally {
            lock.unlock();
        }
    }
}
