package directory.thisdcos.l4lb.ipvs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What an audit found.
 *
 * @param repairs what it mended, by kind
 * @param findings the first of these in the table, as {@code kind: ipvsadm's words}; the rest only counts
 */
public record AuditReport(Instant at, Duration took, Map<String, Integer> repairs, List<String> findings) {
    public AuditReport {
        repairs = Map.copyOf(repairs);
        findings = List.copyOf(findings);
    }
}
