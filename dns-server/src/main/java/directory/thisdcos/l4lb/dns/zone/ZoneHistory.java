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
    /**
     * A node that another has replaced costs up to about a kilobyte with its part of the table. Versions that differ by
     * more than the zone has names are not kept (RFC 1995 §5: it takes more to send than the whole zone).
     */
    private static final int MIN_CHANGES = 16_384;

    private final Map<Name, Versions> byOrigin = new HashMap<>();

    /** Keeps the versions that are now served. */
    public synchronized void add(Collection<Zone> zones) {
        for (Zone zone : zones) {
            if (zone.isReady()) {
                byOrigin.computeIfAbsent(zone.origin(), origin -> new Versions())
                        .add(zone);
            }
        }
    }

    /** The version of a serial, if it is kept and there was one only. */
    public synchronized Optional<Zone> find(Name origin, long serial) {
        Versions versions = byOrigin.get(origin);
        Version version = versions == null ? null : versions.bySerial.get(serial);
        return version == null ? Optional.empty() : version.zone();
    }

    /**
     * A version, unless there were two of this serial.
     *
     * @param changes nodes that differ from the version before
     */
    private record Version(Optional<Zone> zone, int changes) {}

    private static final class Versions {
        /** The oldest first. */
        private final LinkedHashMap<Long, Version> bySerial = new LinkedHashMap<>();
        /** Between the oldest and the newest. */
        private long changes;

        void add(Zone zone) {
            Version known = bySerial.get(zone.serial());
            if (known == null) {
                changes += bySerial.isEmpty() ? 0 : zone.changes();
                bySerial.put(zone.serial(), new Version(Optional.of(zone), zone.changes()));
            } else if (known.zone().isPresent() && known.zone().get() != zone) {
                // Two contents under one serial: who has this serial must load the zone anew.
                bySerial.put(zone.serial(), new Version(Optional.empty(), known.changes()));
            }
            long most = Math.max(MIN_CHANGES, zone.size());
            while (bySerial.size() > VERSIONS || (bySerial.size() > 1 && changes > most)) {
                forgetOldest();
            }
        }

        private void forgetOldest() {
            Iterator<Version> versions = bySerial.values().iterator();
            versions.next();
            versions.remove();
            changes -= versions.next().changes();
        }
    }
}
