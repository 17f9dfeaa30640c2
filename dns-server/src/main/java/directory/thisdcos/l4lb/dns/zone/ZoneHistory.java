package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Past versions of zones by serial, from which incremental transfers are made. Versions share what did not change, so one
 * costs as much as its change. Safe for every thread.
 */
public final class ZoneHistory {
    private static final int VERSIONS = 256;
    private static final int MIN_VERSIONS = 4;
    /** A version costs about an octet for every eight names, so this bounds the history of a zone to some 16 MB. */
    private static final long NAMES = 128_000_000;

    private final Map<Name, LinkedHashMap<Long, Optional<Zone>>> byOrigin = new HashMap<>();

    /** Keeps the versions that are now served. */
    public synchronized void add(Collection<Zone> zones) {
        zones.stream().filter(Zone::isReady).forEach(this::add);
    }

    private void add(Zone zone) {
        LinkedHashMap<Long, Optional<Zone>> versions =
                byOrigin.computeIfAbsent(zone.origin(), origin -> new LinkedHashMap<>());
        Optional<Zone> known = versions.get(zone.serial());
        if (known == null) {
            versions.put(zone.serial(), Optional.of(zone));
        } else if (known.isPresent() && known.get() != zone) {
            // Two contents under one serial: who has this serial must load the zone anew.
            versions.put(zone.serial(), Optional.empty());
        }
        Iterator<Long> oldest = versions.keySet().iterator();
        long kept = Math.min(VERSIONS, Math.max(MIN_VERSIONS, NAMES / (zone.size() + 1)));
        while (versions.size() > kept) {
            oldest.next();
            oldest.remove();
        }
    }

    /** The version of a serial, if it is kept and there was one only. */
    public synchronized Optional<Zone> find(Name origin, long serial) {
        Map<Long, Optional<Zone>> versions = byOrigin.getOrDefault(origin, new LinkedHashMap<>());
        return versions.getOrDefault(serial, Optional.empty());
    }
}
