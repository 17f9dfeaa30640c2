package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.source.Declarations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long what clients put through the API lasts without being renewed. For one thread; times are milliseconds since
 * the epoch. The table holds each lease's length and not its end, so that renewing writes nothing: a new leader gives
 * each its whole time again.
 */
final class Leases {
    private final Map<String, Long> ends = new HashMap<>();

    /** Begins, renews or ends the lease of a unit. */
    void put(String unit, Declarations said, long now) {
        long lease = said.services().values().stream()
                .flatMap(service -> service.origins().stream())
                .mapToLong(Origin::leaseMillis)
                .max()
                .orElse(0);
        if (lease == 0) {
            ends.remove(unit);
        } else {
            ends.put(unit, now + lease);
        }
    }

    void clear() {
        ends.clear();
    }

    /** The units that were not renewed in time; each is told once. */
    List<String> over(long now) {
        List<String> over = new ArrayList<>();
        ends.entrySet().removeIf(entry -> {
            boolean isOver = entry.getValue() <= now;
            if (isOver) {
                over.add(entry.getKey());
            }
            return isOver;
        });
        return over;
    }

    /** When the first one ends; the end of time if there is none. */
    long nextEnd() {
        return ends.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    }
}
