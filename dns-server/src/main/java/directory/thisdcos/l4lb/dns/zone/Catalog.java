package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All zones at one moment. A query reads one catalog once and so never sees half of a change. A static zone hides another
 * one of the same name, and a dynamic one hides a built-in one. Immutable.
 */
public final class Catalog {
    private static final ZoneIndex NONE = new ZoneIndex(List.of());

    private final Zone services;
    private final ZoneIndex statics;
    private final ZoneIndex dynamics;
    private final ZoneIndex builtins;

    private Catalog(Zone services, ZoneIndex statics, ZoneIndex dynamics, ZoneIndex builtins) {
        this.services = services;
        this.statics = statics;
        this.dynamics = dynamics;
        this.builtins = builtins;
    }

    /** Of zones that never change, and no table yet. */
    public static Catalog of(Collection<Zone> builtins) {
        Zone services = Zone.notReady(DynamicZones.ORIGIN);
        return new Catalog(services, NONE, new ZoneIndex(List.of(services)), new ZoneIndex(builtins));
    }

    /** With other dynamic zones; the first is that of the service names. */
    public Catalog withDynamics(List<Zone> zones) {
        return new Catalog(zones.get(0), statics, new ZoneIndex(zones), builtins);
    }

    public Catalog withStatics(Collection<Zone> zones) {
        return new Catalog(services, new ZoneIndex(zones), dynamics, builtins);
    }

    /** The zone of the service names, whether or not a static one hides it. */
    public Zone services() {
        return services;
    }

    /** The zones that are made from the table. */
    public Collection<Zone> dynamics() {
        return dynamics.all();
    }

    /** Every zone that is served. */
    public Stream<Zone> zones() {
        return Stream.of(statics, dynamics, builtins)
                .flatMap(index -> index.all().stream())
                .map(Zone::origin)
                .distinct()
                .flatMap(origin -> get(origin).stream());
    }

    /** The zone that is served under a name. */
    public Optional<Zone> get(Name origin) {
        for (ZoneIndex index : new ZoneIndex[] {statics, dynamics, builtins}) {
            Zone zone = index.get(origin);
            if (zone != null) {
                return Optional.of(zone);
            }
        }
        return Optional.empty();
    }

    /** The zone with the longest origin that is a suffix of {@code name} at label {@code from} or after it, or null. */
    public @Nullable Zone above(NameView name, int from) {
        for (int label = from; label <= name.labels(); label++) {
            Zone zone = at(name, label);
            if (zone != null) {
                return zone;
            }
        }
        return null;
    }

    /** The zone whose origin is the suffix at {@code label}, or null. */
    public @Nullable Zone at(NameView name, int label) {
        Zone zone = statics.at(name, label);
        if (zone == null) {
            zone = dynamics.at(name, label);
        }
        return zone == null ? builtins.at(name, label) : zone;
    }
}
