package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All zones at one moment. A query reads one catalog once and so never sees half of a change. A static zone hides the
 * dynamic one of the same name. Immutable.
 */
public final class Catalog {
    private final Zone dynamic;
    private final Map<Name, Zone> statics;
    /** Hashes of the origins, open-addressed: most suffixes of most names are refused here without making a key. */
    private final Zone[][] buckets;

    private Catalog(Zone dynamic, Map<Name, Zone> statics, Zone[][] buckets) {
        this.dynamic = dynamic;
        this.statics = statics;
        this.buckets = buckets;
    }

    public static Catalog of(Zone dynamic) {
        return new Catalog(dynamic, Map.of(), new Zone[1][0]);
    }

    public Catalog withDynamic(Zone zone) {
        return new Catalog(zone, statics, buckets);
    }

    public Catalog withStatics(Collection<Zone> zones) {
        Map<Name, Zone> byOrigin = new HashMap<>();
        zones.forEach(zone -> byOrigin.put(zone.origin(), zone));
        int count = Integer.highestOneBit(Math.max(1, byOrigin.size())) * 2;
        Zone[][] table = new Zone[count][0];
        byOrigin.values().forEach(zone -> {
            int index = zone.origin().hashCode() & (count - 1);
            Zone[] grown = java.util.Arrays.copyOf(table[index], table[index].length + 1);
            grown[grown.length - 1] = zone;
            table[index] = grown;
        });
        return new Catalog(dynamic, Map.copyOf(byOrigin), table);
    }

    public Zone dynamic() {
        return dynamic;
    }

    public Collection<Zone> statics() {
        return statics.values();
    }

    /**
     * The label at which the longest zone name that is {@code name} or above it begins, not before {@code from}; -1 if
     * there is none.
     */
    public int match(NameView name, int from) {
        for (int label = from; label <= name.labels(); label++) {
            if (at(name, label) != null) {
                return label;
            }
        }
        return -1;
    }

    /** The zone whose origin is the suffix at {@code label}, or null. */
    public @Nullable Zone at(NameView name, int label) {
        int hash = name.hash(label);
        for (Zone zone : buckets[hash & (buckets.length - 1)]) {
            if (zone.origin().hashCode() == hash && name.suffixEquals(label, zone.origin())) {
                return zone;
            }
        }
        return dynamic.origin().hashCode() == hash && name.suffixEquals(label, dynamic.origin()) ? dynamic : null;
    }
}
