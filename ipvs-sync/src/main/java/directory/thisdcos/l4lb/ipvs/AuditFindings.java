package directory.thisdcos.l4lb.ipvs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one audit finds, while it is under way. */
final class AuditFindings {
    /** Shown of one audit; after {@code ipvsadm -C} there are thousands. */
    private static final int MOST_SHOWN = 100;

    private final Map<String, Integer> repairs = new TreeMap<>();
    private final List<String> shown = new ArrayList<>();
    private Duration slices = Duration.ZERO;

    void add(List<IpvsOp> operations) {
        for (IpvsOp operation : operations) {
            add(operation.repairKind(), 1);
            if (shown.size() < MOST_SHOWN) {
                shown.add(operation.repairKind() + ": " + IpvsadmText.of(operation));
            }
        }
    }

    void add(String kind, int number) {
        if (number > 0) {
            repairs.merge(kind, number, Integer::sum);
        }
    }

    void slicesTook(Duration duration) {
        slices = duration;
    }

    /** How long reading services with every field took. */
    Duration slices() {
        return slices;
    }

    /** What was mended, by kind. */
    Map<String, Integer> repairs() {
        return repairs;
    }

    /** What was mended in the table, each as {@code kind: operation}; the first of many. */
    List<String> shown() {
        return shown;
    }
}
