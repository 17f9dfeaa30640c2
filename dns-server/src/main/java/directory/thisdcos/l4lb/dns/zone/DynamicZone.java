package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns the table of the cluster into the zone {@value ServiceName#ZONE}, change by change. The values of SOA and TTL are
 * dcos-net's, so clients cache as long as they did.
 *
 * <p>The name server of the zone is {@code ns} below it, with the addresses at which this server listens: every node
 * answers for the zone itself, and no service can have that name because service names have two labels more than the
 * zone. The serial is the table's sequence, equal on all nodes (RFC 1982: modulo 2^32). Addresses that a node withholds
 * while its data path is incomplete are that node's own affair and do not change the serial.
 *
 * <p>Owned by the publishing thread.
 */
public final class DynamicZone {
    public static final Name ORIGIN = Name.of(ServiceName.ZONE);

    private static final long TTL_SECONDS = 5;
    private static final long REFRESH_SECONDS = 60;
    private static final long RETRY_SECONDS = 180;
    private static final long EXPIRE_SECONDS = 86_400;
    private static final long MINIMUM_SECONDS = 1;
    private static final Name NAME_SERVER = ORIGIN.child("ns");
    private static final Name MAILBOX = ORIGIN.child("hostmaster");

    private final List<Ip> serverAddresses;
    private Zone zone = Zone.notReady(ORIGIN);
    private State state = State.EMPTY;
    private Set<Ip> withheld = Set.of();

    /** Of a server that clients reach at {@code serverAddresses}. */
    public DynamicZone(List<Ip> serverAddresses) {
        this.serverAddresses = List.copyOf(serverAddresses);
    }

    /** The zone that follows; costs time in proportion to what changed since the last call. */
    public Zone update(State nextState, Set<Ip> nextWithheld) {
        Zone.Edit edit = zone.edit();
        boolean first = !zone.isReady();
        if (first) {
            edit.put(NAME_SERVER, addressRecords(serverAddresses));
        }
        if (first || nextState.seq() != state.seq()) {
            edit.put(ORIGIN, apex(nextState.seq()));
        }
        nextState.forEachDifference(state, (before, after) -> {
            if (after != null && after.target() instanceof ServiceName) {
                put(edit, before == null ? Map.of() : records(before, withheld), records(after, nextWithheld));
            } else if (before != null && before.target() instanceof ServiceName) {
                put(edit, records(before, withheld), Map.of());
            }
        });
        for (ServiceName name : namesOfChangedAddresses(nextState, nextWithheld)) {
            nextState.vip(name).ifPresent(vip -> put(edit, records(vip, withheld), records(vip, nextWithheld)));
        }
        zone = edit.build();
        state = nextState;
        withheld = Set.copyOf(nextWithheld);
        return zone;
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

    private static void put(Zone.Edit edit, Map<Name, List<Rrset>> before, Map<Name, List<Rrset>> after) {
        before.keySet().stream().filter(name -> !after.containsKey(name)).forEach(name -> edit.put(name, List.of()));
        after.forEach((name, rrsets) -> {
            Node node = edit.get(name);
            if (node == null || !node.rrsets().equals(rrsets)) {
                edit.put(name, rrsets);
            }
        });
    }

    /** Every record that a VIP has in the zone, by owner; a further kind of record is added here. */
    private static Map<Name, List<Rrset>> records(Vip vip, Set<Ip> withheld) {
        List<Ip> visible = vip.isLive()
                        && vip.allocation().filter(Allocation::isAllocated).isPresent()
                ? vip.addresses().stream().filter(ip -> !withheld.contains(ip)).toList()
                : List.of();
        if (visible.isEmpty()) {
            return Map.of();
        }
        Name name = Name.of(vip.target().text());
        Map<Name, List<Rrset>> records = new HashMap<>();
        records.put(name, addressRecords(visible));
        return records;
    }

    private static List<Rrset> addressRecords(List<Ip> addresses) {
        List<byte[]> v4 = new ArrayList<>();
        List<byte[]> v6 = new ArrayList<>();
        addresses.forEach(ip -> (ip.isV4() ? v4 : v6).add(ip.octets()));
        List<Rrset> rrsets = new ArrayList<>(2);
        if (!v4.isEmpty()) {
            rrsets.add(Rrset.of(Type.A, TTL_SECONDS, v4));
        }
        if (!v6.isEmpty()) {
            rrsets.add(Rrset.of(Type.AAAA, TTL_SECONDS, v6));
        }
        return rrsets;
    }

    private static List<Rrset> apex(long seq) {
        byte[] mname = NAME_SERVER.wire();
        byte[] rname = MAILBOX.wire();
        byte[] soa = new byte[mname.length + rname.length + 20];
        System.arraycopy(mname, 0, soa, 0, mname.length);
        System.arraycopy(rname, 0, soa, mname.length, rname.length);
        int at = mname.length + rname.length;
        Wire.put32(soa, at, seq);
        Wire.put32(soa, at + 4, REFRESH_SECONDS);
        Wire.put32(soa, at + 8, RETRY_SECONDS);
        Wire.put32(soa, at + 12, EXPIRE_SECONDS);
        Wire.put32(soa, at + 16, MINIMUM_SECONDS);
        return List.of(
                Rrset.of(Type.SOA, TTL_SECONDS, List.of(soa)), Rrset.of(Type.NS, TTL_SECONDS, List.of(mname.clone())));
    }
}
