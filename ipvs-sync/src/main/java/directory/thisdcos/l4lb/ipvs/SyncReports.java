package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.runtime.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of changes and audits: log, problems, metrics. Runs on: whoever holds the lock of {@link KernelKeeper}. */
final class SyncReports {
    private static final Logger log = LoggerFactory.getLogger(SyncReports.class);
    private static final String REPORTER = "ipvs";

    private final IpvsMetrics metrics;
    private final BiConsumer<String, Collection<Problem>> board;
    private final AuditLog auditLog = new AuditLog();
    private Set<Problem> reported = Set.of();
    private Optional<AuditReport> lastAudit = Optional.empty();
    private Optional<String> lastError = Optional.empty();

    /** @param board takes a reporter and its whole current set of problems */
    SyncReports(IpvsMetrics metrics, BiConsumer<String, Collection<Problem>> board) {
        this.metrics = metrics;
        this.board = board;
    }

    void succeeded() {
        lastError = Optional.empty();
    }

    void audited(AuditReport report) {
        lastAudit = Optional.of(report);
        lastError = Optional.empty();
        metrics.audited(report);
        auditLog.add(report);
    }

    void failed(String what, IOException e) {
        String text = what + ": " + e.getMessage();
        if (lastError.filter(text::equals).isEmpty()) {
            log.warn("{}", text);
        }
        lastError = Optional.of(text);
        metrics.error(e instanceof NetlinkException netlink ? netlink.errno() : Errno.EPROTO);
    }

    /** A mistake of ours. */
    void failed(String what, RuntimeException e) {
        log.error("{} failed", what, e);
        lastError = Optional.of(what + ": " + e);
    }

    /** What is wrong now, beside the last error. */
    void problems(Collection<Problem> found) {
        List<Problem> all = new ArrayList<>(found);
        lastError.ifPresent(error -> all.add(new Problem("ipvs", "data plane", error)));
        Set<Problem> now = Set.copyOf(all);
        if (!now.equals(reported)) {
            board.accept(REPORTER, now);
            reported = now;
        }
    }

    Optional<AuditReport> lastAudit() {
        return lastAudit;
    }

    Optional<String> lastError() {
        return lastError;
    }
}
