package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Allocation.Status;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The life of names' addresses: free → allocated ⇄ quarantined → free. An address never changes while its name lives,
 * and a name that comes back during quarantine gets the same.
 *
 * <p>For one plan: first {@link #retire}, then {@link #allocate}.
 */
final class NamePlan {
    private final State current;
    private final Scope scope;
    private final Pools pools;
    private final Quarantine quarantine;
    private final long now;

    private final Set<ServiceName> freed = new HashSet<>();
    private final Set<ServiceName> live = new HashSet<>();
    private final Set<ServiceName> withoutAddress = new HashSet<>();
    private final List<Change> changes = new ArrayList<>();
    private final PlanProblems problems;

    NamePlan(State current, Scope scope, Pools pools, Quarantine quarantine, long nowMillis, PlanProblems problems) {
        this.current = current;
        this.scope = scope;
        this.problems = problems;
        this.pools = pools;
        this.quarantine = quarantine;
        this.now = nowMillis;
    }

    /**
     * Quarantines names that nobody wants any more and frees those whose quarantine is over.
     *
     * @param settled whether the silence of sources counts; a name without services is left alone until then, since a
     *     writer may have died between the two
     */
    void retire(Set<Target> wanted, boolean settled) {
        SortedMap<ServiceName, Vip> allocated = new TreeMap<>();
        Stream<Vip> vips =
                scope.all() ? current.vips() : scope.targets().stream().flatMap(target -> current.vip(target).stream());
        vips.forEach(vip -> {
            if (vip.target() instanceof ServiceName name && vip.allocation().isPresent()) {
                allocated.put(name, vip);
            }
        });
        allocated.forEach((name, vip) -> {
            if (wanted.contains(name)) {
                live.add(name);
            } else {
                retire(vip.allocation().orElseThrow(), vip.services().isEmpty() && !settled);
            }
        });
    }

    private void retire(Allocation allocation, boolean isUndecided) {
        Allocation next = quarantine.trimmed(allocation, now);
        if (allocation.isAllocated() && (isUndecided || allocation.hold().reserved())) {
            live.add(allocation.name());
        } else {
            next = next.withStatus(Status.QUARANTINED, now);
            if (next.hold().former().isEmpty() && quarantine.isOver(next.since(), now)) {
                freed.add(allocation.name());
                changes.add(new Change.AllocationRemoved(allocation.name()));
                return;
            }
        }
        if (!next.equals(allocation)) {
            changes.add(new Change.AllocationPut(next));
        }
    }

    /** Gives every wanted name its addresses. Names come in order, so equal input collides equally. */
    void allocate(SortedMap<Target, SortedMap<ServiceKey, Desired.Service>> wanted, Set<Ip> claimed) {
        List<Change> puts = new ArrayList<>();
        AddressPicker picker = new AddressPicker(pools, ip -> isTaken(ip, claimed));
        wanted.forEach((target, services) -> {
            if (target instanceof ServiceName name) {
                Optional<Allocation> held = current.allocation(name);
                Optional<Allocation> next = held.isPresent()
                        ? Optional.of(revived(held.get(), services, picker))
                        : created(name, services, picker);
                next.filter(allocation -> !held.equals(Optional.of(allocation)))
                        .ifPresent(allocation -> puts.add(new Change.AllocationPut(allocation)));
                if (next.isEmpty()) {
                    withoutAddress.add(name);
                }
            }
        });
        changes.addAll(puts);
    }

    private Allocation revived(Allocation held, SortedMap<ServiceKey, Desired.Service> services, AddressPicker picker) {
        Optional<Ip> six = held.address6();
        if (six.isEmpty() && wantsV6(services)) {
            six = pick(held.name(), Family.V6, picker);
        }
        held.addresses().forEach(ip -> reportMisplaced(held, ip));
        Allocation next = quarantine.trimmed(held, now).withStatus(Status.ALLOCATED, now);
        return six.equals(held.address6()) ? next : next.withAddresses(held.address(), six);
    }

    private Optional<Allocation> created(
            ServiceName name, SortedMap<ServiceKey, Desired.Service> services, AddressPicker picker) {
        Optional<Ip> four = pick(name, Family.V4, picker);
        if (four.isEmpty()) {
            return Optional.empty();
        }
        Optional<Ip> six = wantsV6(services) ? pick(name, Family.V6, picker) : Optional.empty();
        String owner = services.values().stream()
                .flatMap(service -> service.origins().stream())
                .map(origin -> origin.owner())
                .findFirst()
                .orElse("");
        live.add(name);
        return Optional.of(new Allocation(name, four.get(), six, Status.ALLOCATED, now, owner));
    }

    /** It is not moved by itself: whoever remembers the address would be cut off. */
    private void reportMisplaced(Allocation held, Ip ip) {
        Optional<Pool> pool = pools.poolOf(ip);
        boolean isOrdered = held.hold().reserved();
        if (pool.isEmpty() || (pool.get().reservedAt(ip).isPresent() && !isOrdered)) {
            problems.add(
                    held.name(),
                    new Problem(
                            pool.isEmpty() ? "outside-pool" : "in-reserved-part",
                            held.name().fqdn(),
                            "keeps " + ip + ", which is "
                                    + (pool.isEmpty()
                                            ? "outside every pool"
                                            : "reserved in the pool "
                                                    + pool.get().name())
                                    + ", for as long as the name lives; PUT /v1/allocations/"
                                    + held.name().prefix()
                                    + " with another address moves it"));
        }
    }

    private Optional<Ip> pick(ServiceName name, Family family, AddressPicker picker) {
        Optional<Ip> picked = picker.pick(name, family);
        if (picked.isEmpty()) {
            problems.add(name, new Problem("pool-exhausted", name.fqdn(), picker.reason(name, family)));
        }
        return picked;
    }

    private boolean isTaken(Ip ip, Set<Ip> claimed) {
        return claimed.contains(ip)
                || (!scope.all() && isClaimedBeside(ip))
                || current.holder(ip).filter(this::holds).isPresent();
    }

    /** Claims that the plan does not look at stay; those that it does are in {@code claimed} if they do. */
    private boolean isClaimedBeside(Ip ip) {
        return current.isClaimed(ip) && !scope.covers(new FixedAddress(ip));
    }

    /** Whether a name of the current state keeps its addresses, in quarantine too. */
    boolean holds(ServiceName name) {
        return !freed.contains(name);
    }

    boolean isLive(ServiceName name) {
        return live.contains(name)
                || (!scope.covers(name)
                        && current.allocation(name)
                                .filter(Allocation::isAllocated)
                                .isPresent());
    }

    private static boolean wantsV6(SortedMap<ServiceKey, Desired.Service> services) {
        return services.values().stream()
                .flatMap(service -> service.backends().keySet().stream())
                .anyMatch(address -> !address.ip().isV4());
    }

    /** Names for which no address was left. */
    Set<ServiceName> withoutAddress() {
        return withoutAddress;
    }

    List<Change> changes() {
        return changes;
    }
}
