package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the table of the cluster into the zone {@value ServiceName#ZONE} and the reverse zones of the pools, change by
 * change. The values of SOA and TTL are dcos-net's, so clients cache as long as they did.
 *
 * <p>The name server of the zones is {@code ns} below the first, with the addresses at which this server listens: every
 * node answers for the zones itself, and no service can have that name because service names have two labels more than
 * the zone. The same holds for {@code ready}, which exists as soon as there is a table. The serial is the table's
 * sequence, equal on all nodes (RFC 1982: modulo 2^32). Addresses that a node withholds while its data path is incomplete
 * are that node's own affair and do not change the serial.
 *
 * <p>Owned by the publishing thread.
 */
public final class DynamicZones {
    public static final Name ORIGIN = Name.of(ServiceName.ZONE);

    private static final long TTL_SECONDS = ServiceRecords.TTL_SECONDS;
    private static final Name NAME_SERVER = ORIGIN.child("ns");
    private static final Name MAILBOX = ORIGIN.child("hostmaster");
    private static final Name READY = ORIGIN.child("ready");
    private static final List<Ip> HERE = List.of(Ip.of("127.0.0.1"));

    /** Names whose records are in memory at once before they are in the zone. */
    private static final int AT_A_TIME = 1024;

    private List<Ip> serverAddresses;
    /** By origin; the service names first. */
    private Map<Name, Zone> zones = Map.of();

    private State state = State.EMPTY;
    private Set<Ip> withheld = Set.of();

    /** Of a server that clients reach at {@code serverAddresses}. */
    public DynamicZones(List<Ip> serverAddresses) {
        this.serverAddresses = List.copyOf(serverAddresses);
    }

    /** From now on clients reach the server at these. */
    public void reachedAt(List<Ip> addresses) {
        serverAddresses = List.copyOf(addresses);
        if (!zones.isEmpty()) {
            Edits edits = new Edits(zones);
            edits.put(NAME_SERVER, Rdata.addresses(TTL_SECONDS, serverAddresses));
            zones = edits.build();
        }
    }

    /** The zones that follow, the one of service names first; costs time in proportion to what changed. */
    public List<Zone> update(State nextState, Set<Ip> nextWithheld) {
        boolean anew = zones.isEmpty() || !state.pools().equals(nextState.pools());
        if (anew) {
            state = State.EMPTY;
            withheld = Set.of();
        }
        Edits edits = anew ? fresh(nextState.pools()) : new Edits(zones);
        if (anew || nextState.seq() != state.seq()) {
            edits.setApexes(apex(nextState.seq()));
        }
        if (anew) {
            putAll(nextState, nextWithheld, edits);
            state = nextState;
        }
        nextState.forEachDifference(state, (before, after) -> {
            if (after != null && after.target() instanceof ServiceName) {
                edits.put(
                        before == null ? Map.of() : ServiceRecords.of(before, withheld),
                        ServiceRecords.of(after, nextWithheld));
            } else if (before != null && before.target() instanceof ServiceName) {
                edits.put(ServiceRecords.of(before, withheld), Map.of());
            }
        });
        for (ServiceName name : namesOfChangedAddresses(nextState, nextWithheld)) {
            nextState
                    .vip(name)
                    .ifPresent(
                            vip -> edits.put(ServiceRecords.of(vip, withheld), ServiceRecords.of(vip, nextWithheld)));
        }
        zones = edits.build();
        state = nextState;
        withheld = Set.copyOf(nextWithheld);
        return List.copyOf(zones.values());
    }

    /** All names, whose records all processors make: most of what a node has to do before its first answer. */
    private static void putAll(State state, Set<Ip> withheld, Edits edits) {
        List<Vip> vips =
                state.vips().filter(vip -> vip.target() instanceof ServiceName).toList();
        // A name has its own node, one for a port and one for the protocol between them.
        edits.reserve(ORIGIN, 3 * vips.size());
        for (int from = 0; from < vips.size(); from += AT_A_TIME) {
            vips.subList(from, Math.min(from + AT_A_TIME, vips.size())).parallelStream()
                    .map(vip -> ServiceRecords.of(vip, withheld))
                    .toList()
                    .forEach(records -> records.forEach(edits::put));
        }
    }

    private Edits fresh(Optional<Pools> pools) {
        Map<Name, Zone> empty = new LinkedHashMap<>();
        empty.put(ORIGIN, Zone.notReady(ORIGIN));
        pools.map(ReverseName::origins).orElse(List.of()).forEach(origin -> empty.put(origin, Zone.notReady(origin)));
        Edits edits = new Edits(empty);
        edits.put(NAME_SERVER, Rdata.addresses(TTL_SECONDS, serverAddresses));
        edits.put(READY, Rdata.addresses(TTL_SECONDS, HERE));
        return edits;
    }

    private Set<ServiceName> namesOfChangedAddresses(State nextState, Set<Ip> nextWithheld) {
        Set<ServiceName> names = new HashSet<>();
        for (Ip ip : nextWithheld) {
            if (!withheld.contains(ip)) {
                nextState.holder(ip).ifPresent(names::add);
            }
        }
        for (Ip ip : withheld) {
            if (!nextWithheld.contains(ip)) {
                nextState.holder(ip).ifPresent(names::add);
            }
        }
        return names;
    }

    private static List<Rrset> apex(long seq) {
        return List.of(
                Rrset.of(Type.SOA, TTL_SECONDS, List.of(Rdata.soa(NAME_SERVER, MAILBOX, seq))),
                Rrset.of(Type.NS, TTL_SECONDS, List.of(NAME_SERVER.wire().clone())));
    }

    /** One run of edits over all zones. An owner outside all of them is left out: an address of an older pool. */
    private static final class Edits {
        private final Map<Name, Zone> before;
        private final Map<Name, Zone.Edit> edits = new HashMap<>();

        Edits(Map<Name, Zone> before) {
            this.before = before;
        }

        void reserve(Name origin, int names) {
            Zone.Edit edit = edit(origin);
            if (edit != null) {
                edit.reserve(names);
            }
        }

        void setApexes(List<Rrset> apex) {
            before.keySet().forEach(origin -> put(origin, apex));
        }

        void put(Map<Name, List<Rrset>> old, Map<Name, List<Rrset>> next) {
            old.keySet().stream().filter(name -> !next.containsKey(name)).forEach(name -> put(name, List.of()));
            next.forEach(this::put);
        }

        void put(Name name, List<Rrset> rrsets) {
            Zone.Edit edit = edit(name);
            if (edit == null) {
                return;
            }
            Node node = edit.get(name);
            List<Rrset> all = node != null && before.containsKey(name) ? merged(node, rrsets) : rrsets;
            if (node == null || !node.rrsets().equals(all)) {
                edit.put(name, all);
            }
        }

        /** In a pool smaller than an octet each address is a zone: its PTR stands beside SOA and NS. */
        private static List<Rrset> merged(Node apex, List<Rrset> rrsets) {
            boolean isApexPart = rrsets.stream().anyMatch(rrset -> rrset.type() == Type.SOA);
            List<Rrset> all = new ArrayList<>(rrsets);
            apex.rrsets().stream()
                    .filter(rrset -> (rrset.type() == Type.SOA || rrset.type() == Type.NS) != isApexPart)
                    .forEach(all::add);
            return all;
        }

        private Zone.@Nullable Edit edit(Name name) {
            // Most names: those of services.
            Name first = name.isWithin(ORIGIN) ? ORIGIN : name;
            for (Name origin = first; !origin.isRoot(); origin = origin.parent()) {
                Zone zone = before.get(origin);
                if (zone != null) {
                    return edits.computeIfAbsent(origin, key -> zone.edit());
                }
            }
            return null;
        }

        Map<Name, Zone> build() {
            Map<Name, Zone> after = new LinkedHashMap<>();
            before.forEach((origin, zone) -> {
                Zone.Edit edit = edits.get(origin);
                after.put(origin, edit == null ? zone : edit.build());
            });
            return after;
        }
    }
}
