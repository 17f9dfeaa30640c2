package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Zones by origin, looked up by suffix hash without making a key. Of two with one origin the last wins. Immutable. */
final class ZoneIndex {
    private final Map<Name, Zone> zones = new HashMap<>();
    private final Zone[][] buckets;
    /** A bit for each number of labels that some origin has; those of 63 or more share one. */
    private final long depths;

    ZoneIndex(Collection<Zone> all) {
        all.forEach(zone -> zones.put(zone.origin(), zone));
        int count = Integer.highestOneBit(Math.max(1, zones.size())) * 4;
        buckets = new Zone[count][0];
        zones.values().forEach(zone -> {
            int index = zone.origin().hashCode() & (count - 1);
            buckets[index] = Arrays.copyOf(buckets[index], buckets[index].length + 1);
            buckets[index][buckets[index].length - 1] = zone;
        });
        depths = zones.keySet().stream()
                .mapToLong(origin -> depth(origin.labels()))
                .reduce(0, (a, b) -> a | b);
    }

    private static long depth(int labels) {
        return 1L << Math.min(labels, Long.SIZE - 1);
    }

    @Nullable Zone at(NameView name, int label) {
        if ((depths & depth(name.labels() - label)) == 0) {
            return null;
        }
        int hash = name.hash(label);
        for (Zone zone : buckets[hash & (buckets.length - 1)]) {
            if (zone.origin().hashCode() == hash && name.suffixEquals(label, zone.origin())) {
                return zone;
            }
        }
        return null;
    }

    @Nullable Zone get(Name origin) {
        return zones.get(origin);
    }

    Collection<Zone> all() {
        return zones.values();
    }
}
