package directory.thisdcos.l4lb.ipvs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A plan that was carried out.
 *
 * @param took from the first message to the kernel's last answer
 * @param operations how many
 * @param first the first of them, in ipvsadm's words
 */
public record PlanReport(Instant at, Duration took, int operations, List<String> first) {
    public PlanReport {
        first = List.copyOf(first);
    }
}
