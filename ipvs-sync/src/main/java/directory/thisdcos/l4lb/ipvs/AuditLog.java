package directory.thisdcos.l4lb.ipvs;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what audits find, each finding once: who fights with another program over a weight would otherwise get a line
 * every few seconds; the metric counts all of them. Runs on: whoever holds the lock of {@link IpvsSync}.
 */
final class AuditLog {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    /** The oldest is forgotten then, and would be logged again. */
    private static final int MOST_REMEMBERED = 1000;

    private static final int LINES_PER_AUDIT = 20;

    private final Set<String> logged = new LinkedHashSet<>();

    void add(AuditReport report) {
        int lines = 0;
        for (String finding : report.findings()) {
            if (remember(finding) && ++lines <= LINES_PER_AUDIT) {
                log.warn("repaired in the kernel: {}", finding);
            }
        }
        for (Map.Entry<String, Integer> repair : report.repairs().entrySet()) {
            String kind = repair.getKey();
            boolean isListed = report.findings().stream().anyMatch(finding -> finding.startsWith(kind + ":"));
            if (!isListed && remember(kind)) {
                log.warn("repaired in the kernel: {} {}", repair.getValue(), kind);
            }
        }
        if (lines > LINES_PER_AUDIT) {
            log.warn("repaired in the kernel in all: {}", report.repairs());
        }
    }

    private boolean remember(String finding) {
        boolean isNew = logged.add(finding);
        if (logged.size() > MOST_REMEMBERED) {
            Iterator<String> oldest = logged.iterator();
            oldest.next();
            oldest.remove();
        }
        return isNew;
    }
}
