package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator why a table may be old: a problem once it lasts, and a line in the log once a minute. For one
 * thread.
 */
final class Staleness {
    private static final Logger log = LoggerFactory.getLogger(Staleness.class);

    private static final String REPORTER = "table";
    private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ProblemBoard problems;
    private final Duration patience;
    private boolean lasting;
    private long sinceNanos;
    private long loggedNanos;

    /** @param patience what is over by then, such as a ZooKeeper that starts, is no problem */
    Staleness(ProblemBoard problems, Duration patience) {
        this.problems = problems;
        this.patience = patience;
    }

    void because(String reason, State serving) {
        long now = System.nanoTime();
        if (!lasting) {
            lasting = true;
            sinceNanos = now;
            loggedNanos = now;
        }
        if (now - sinceNanos >= patience.toNanos()) {
            problems.report(REPORTER, List.of(new Problem("table-stale", "table", reason)));
        }
        if (now - loggedNanos > LOG_INTERVAL_NANOS) {
            log.warn("{}; still serving {}", reason, serving);
            loggedNanos = now;
        }
    }

    void over() {
        if (lasting) {
            lasting = false;
            problems.report(REPORTER, List.of());
        }
    }
}
