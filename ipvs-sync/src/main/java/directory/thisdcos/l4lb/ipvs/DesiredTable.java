package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole desired table, kept up to date with the state at a cost that depends on what changed, not on its size. Runs
 * on: whoever holds the engine's lock.
 */
final class DesiredTable {
    private final Map<ServiceId, ServiceEntry> services = new HashMap<>();
    private final Map<Target, DesiredVip> withTrouble = new HashMap<>();
    private final NavigableSet<Ip> claims = new TreeSet<>();

    /** Of services that share one. */
    private final Map<ServiceId.Address, ServiceId.Mark> marks = new HashMap<>();

    private final Map<ServiceId.Mark, Set<ServiceId.Address>> members = new HashMap<>();

    /** Of the claims and marks as they are; null after one has come or gone. */
    private @Nullable LocalAddresses local;

    /**
     * Places for one port, with a mark or not: a rule for all ports would take those of other services too. IPVS refuses
     * by itself.
     */
    private final Set<ServiceId.Address> idle = new HashSet<>();

    private final Set<Target> touched = new HashSet<>();
    private State state = State.EMPTY;
    private HostView host = new HostView(List.of(), Set.of(), false);
    private int destinations;

    /** The table of a state, for a plan or a test. */
    static DesiredTable of(State state, HostView host) {
        DesiredTable table = new DesiredTable();
        table.rebuild(state, host);
        return table;
    }

    /** Begins anew, for another host view or other pools; every service may have changed. */
    void rebuild(State newState, HostView newHost) {
        services.clear();
        withTrouble.clear();
        claims.clear();
        marks.clear();
        members.clear();
        local = null;
        idle.clear();
        destinations = 0;
        state = newState;
        host = newHost;
        Sentinel.entries(host.ipv6())
                .forEach(entry -> services.put(entry.service().id(), entry));
        newState.vips().forEach(vip -> put(vip.target(), vip));
    }

    /** What these targets ask for may have changed without the state: the next {@link #update} looks at them too. */
    void touch(Set<Target> targets) {
        touched.addAll(targets);
    }

    /**
     * Follows the state and returns the services that may differ from before.
     *
     * @param newState with the same pools
     */
    Set<ServiceId> update(State newState) {
        State old = state;
        state = newState;
        Set<ServiceId> touched = new HashSet<>();
        Set<Target> targets = new HashSet<>(this.touched);
        this.touched.clear();
        newState.forEachDifference(old, (before, after) -> {
            for (@Nullable Vip vip : new @Nullable Vip[] {before, after}) {
                if (vip != null) {
                    targets.add(vip.target());
                    // Whether an address may be claimed depends on whether a name holds it.
                    vip.addresses().forEach(ip -> targets.add(new FixedAddress(ip)));
                }
            }
        });
        Map<Ip, Boolean> wereClaimed = new HashMap<>();
        for (Target target : targets) {
            if (target instanceof FixedAddress fixed) {
                wereClaimed.put(fixed.ip(), claims.contains(fixed.ip()));
            }
        }
        Map<ServiceId.Address, ServiceId.Mark> marksBefore = Map.copyOf(marks);
        for (Target target : targets) {
            old.vip(target).ifPresent(vip -> touched.addAll(remove(vip)));
        }
        for (Target target : targets) {
            newState.vip(target).ifPresent(vip -> touched.addAll(put(target, vip)));
        }
        wereClaimed.forEach((ip, was) -> local = was == claims.contains(ip) ? local : null);
        local = marksBefore.equals(marks) ? local : null;
        return touched;
    }

    private Set<ServiceId> remove(Vip vip) {
        Set<ServiceId> ids = new HashSet<>();
        withTrouble.remove(vip.target());
        for (Ip ip : vip.addresses()) {
            claims.remove(ip);
            vip.services()
                    .forEach(service -> ids.add(new ServiceId.Address(
                            ip, service.key().protocol(), service.key().port())));
        }
        idle.removeAll(ids);
        for (ServiceId id : Set.copyOf(ids)) {
            ServiceId.Mark mark = id instanceof ServiceId.Address ? marks.remove(id) : null;
            if (mark != null) {
                members.remove(mark);
                ids.add(mark);
            }
        }
        for (ServiceId id : ids) {
            ServiceEntry entry = services.remove(id);
            destinations -= entry == null ? 0 : entry.destinations().size();
        }
        return ids;
    }

    private Set<ServiceId> put(Target target, Vip vip) {
        DesiredVip desired = DesiredVip.of(vip, state, host);
        if (!desired.problems().isEmpty()) {
            withTrouble.put(target, desired);
        }
        desired.marks().forEach((id, mark) -> {
            marks.put(id, mark);
            members.computeIfAbsent(mark, first -> new HashSet<>()).add(id);
        });
        Set<ServiceId> ids = new HashSet<>(desired.marks().keySet());
        for (ServiceEntry entry : desired.services()) {
            ServiceId id = entry.service().id();
            ids.add(id);
            services.put(id, entry);
            destinations += entry.destinations().size();
            for (ServiceId.Address address : members(id)) {
                if (entry.isIdle() && !address.hasAllPorts()) {
                    idle.add(address);
                }
                // A name keeps its address when a pool becomes smaller, so names may be outside too.
                if (!state.pools().map(pools -> pools.contains(address.ip())).orElse(false)) {
                    claims.add(address.ip());
                }
            }
        }
        return ids;
    }

    /** The places at which clients meet a service: itself, or those that share a mark. */
    Set<ServiceId.Address> members(ServiceId id) {
        return id instanceof ServiceId.Address address ? Set.of(address) : members.getOrDefault(id, Set.of());
    }

    /** The service of a place. */
    ServiceId bearer(ServiceId.Address place) {
        ServiceId mark = marks.get(place);
        return mark == null ? place : mark;
    }

    /** Whether the table has something at this place. */
    boolean serves(ServiceId.Address id) {
        return services.containsKey(id) || marks.containsKey(id);
    }

    Map<ServiceId, ServiceEntry> services() {
        return services;
    }

    /** Services with options that {@link ProcTable} does not show. */
    Collection<ServiceId> withHiddenOptions() {
        return services.values().stream()
                .filter(entry -> entry.destinations().values().stream()
                        .anyMatch(destination -> destination.upperThreshold() != 0
                                || destination.lowerThreshold() != 0
                                || !destination.tunnel().equals(Tunnel.IPIP)))
                .map(entry -> entry.service().id())
                .toList();
    }

    /** Places that are there without a server for a new connection. */
    Set<ServiceId.Address> idle() {
        return idle;
    }

    /** Without the sentinels. */
    int serviceCount() {
        return (int) (services.size()
                - Sentinel.entries(true).stream()
                        .filter(entry -> services.containsKey(entry.service().id()))
                        .count());
    }

    int destinationCount() {
        return destinations;
    }

    /** The same object until a claim or a mark comes or goes: the change of one service must not cost all claims. */
    LocalAddresses local(Pools pools) {
        LocalAddresses last = local;
        if (last == null || !last.pools().equals(pools)) {
            last = new LocalAddresses(pools, new TreeSet<>(claims), marks);
            local = last;
        }
        return last;
    }

    /**
     * The routes that this host needs for these addresses. A pool prefix in which the host's own network lies gets none: it would cut the
     * host off from its neighbours.
     */
    Set<Prefix> routes(LocalAddresses local) {
        Set<Prefix> wanted = local.prefixes();
        wanted.removeIf(prefix -> !overlaps(prefix).isEmpty());
        return wanted;
    }

    /** Prefixes that get no route here, see {@link #routes}. */
    Stream<Prefix> unroutable(Pools pools) {
        return ofPools(pools).filter(prefix -> !overlaps(prefix).isEmpty());
    }

    private static Stream<Prefix> ofPools(Pools pools) {
        return new LocalAddresses(pools, new TreeSet<>()).prefixes().stream();
    }

    boolean isClaimed(Ip ip) {
        return claims.contains(ip);
    }

    private List<Prefix> overlaps(Prefix prefix) {
        if (prefix.length() == prefix.network().family().bits()) {
            return List.of();
        }
        return host.addresses().stream()
                .filter(own -> own.length() < own.network().family().bits())
                .filter(own -> covers(prefix, own.network()))
                .toList();
    }

    private static boolean covers(Prefix prefix, Ip ip) {
        if (prefix.network().family() != ip.family()) {
            return false;
        }
        int shift = prefix.network().family().bits() - prefix.length();
        return prefix.network().number().shiftRight(shift).equals(ip.number().shiftRight(shift));
    }

    /** The addresses of services within some prefixes. */
    Set<Ip> addressesIn(Set<Prefix> prefixes) {
        Set<Ip> addresses = new TreeSet<>();
        if (!prefixes.isEmpty()) {
            services.keySet().stream()
                    .flatMap(id -> members(id).stream())
                    .filter(address -> prefixes.stream().anyMatch(prefix -> covers(prefix, address.ip())))
                    .forEach(address -> addresses.add(address.ip()));
        }
        return addresses;
    }

    /** Addresses that this host cannot serve at all. */
    Stream<Ip> refused() {
        return withTrouble.values().stream().flatMap(vip -> vip.refused().stream());
    }

    Collection<Problem> problems(Pools pools) {
        Stream<Problem> ofVips = withTrouble.values().stream().flatMap(vip -> vip.problems().stream());
        Stream<Problem> ofPools = ofPools(pools)
                .flatMap(prefix -> overlaps(prefix).stream()
                        .map(own -> new Problem(
                                "pool-overlap",
                                "pool " + prefix,
                                "this host's own network " + own + " lies in it: its addresses do not work on this"
                                        + " host; choose another pool")));
        return Stream.concat(ofVips, ofPools).toList();
    }
}
