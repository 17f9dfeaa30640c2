package directory.thisdcos.l4lb.ipvs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What an audit found.
 *
 * @param took all of it, with the slices and what was mended
 * @param slices reading the services whose turn it was with every field
 * @param repairs what it mended, by kind
 * @param findings the first of these in the table, as {@code kind: ipvsadm's words}; the rest only counts
 */
public record AuditReport(
        Instant at, Duration took, Duration slices, Map<String, Integer> repairs, List<String> findings) {
    public AuditReport {
        repairs = Map.copyOf(repairs);
        findings = List.copyOf(findings);
    }
}
