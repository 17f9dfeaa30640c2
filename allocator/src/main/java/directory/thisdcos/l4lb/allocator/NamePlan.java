package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Allocation.Status;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.runtime.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    private final long quarantineMillis;
    private final long now;

    private final Set<ServiceName> freed = new HashSet<>();
    private final Set<ServiceName> live = new HashSet<>();
    private final Set<Ip> given = new HashSet<>();
    private final Set<ServiceName> withoutAddress = new HashSet<>();
    private final Set<Family> exhausted = EnumSet.noneOf(Family.class);
    private final Map<Family, AddressPool> addresses = new EnumMap<>(Family.class);
    private final List<Change> changes = new ArrayList<>();
    private final PlanProblems problems;

    NamePlan(State current, Scope scope, Pools pools, Duration quarantine, long nowMillis, PlanProblems problems) {
        this.current = current;
        this.scope = scope;
        this.problems = problems;
        this.pools = pools;
        this.quarantineMillis = quarantine.toMillis();
        this.now = nowMillis;
        addresses.put(Family.V4, new AddressPool(pools.v4()));
        addresses.put(Family.V6, new AddressPool(pools.v6()));
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
        if (allocation.isAllocated() && isUndecided) {
            live.add(allocation.name());
        } else if (quarantineMillis == 0
                || (!allocation.isAllocated() && now - allocation.since() >= quarantineMillis)) {
            freed.add(allocation.name());
            changes.add(new Change.AllocationRemoved(allocation.name()));
        } else if (allocation.isAllocated()) {
            changes.add(new Change.AllocationPut(with(allocation, allocation.address6(), Status.QUARANTINED)));
        }
    }

    /** Gives every wanted name its addresses. Names come in order, so equal input collides equally. */
    void allocate(SortedMap<Target, SortedMap<ServiceKey, Desired.Service>> wanted, Set<Ip> claimed) {
        List<Change> puts = new ArrayList<>();
        wanted.forEach((target, services) -> {
            if (target instanceof ServiceName name) {
                Optional<Allocation> held = current.allocation(name);
                Optional<Allocation> next = held.isPresent()
                        ? Optional.of(revived(held.get(), services, claimed))
                        : created(name, services, claimed);
                next.filter(allocation -> !held.equals(Optional.of(allocation)))
                        .ifPresent(allocation -> puts.add(new Change.AllocationPut(allocation)));
                if (next.isEmpty()) {
                    withoutAddress.add(name);
                }
            }
        });
        changes.addAll(puts);
    }

    private Allocation revived(Allocation held, SortedMap<ServiceKey, Desired.Service> services, Set<Ip> claimed) {
        Optional<Ip> six = held.address6();
        if (six.isEmpty() && wantsV6(services)) {
            six = pick(held.name(), Family.V6, claimed);
        }
        for (Ip ip : held.addresses()) {
            if (!pools.contains(ip)) {
                problems.add(
                        held.name(),
                        new Problem(
                                "outside-pool",
                                held.name().fqdn(),
                                "keeps " + ip + ", which is outside the pool, for as long as the name lives"));
            }
        }
        return held.isAllocated() && six.equals(held.address6()) ? held : with(held, six, Status.ALLOCATED);
    }

    private Allocation with(Allocation old, Optional<Ip> six, Status status) {
        long since = old.status() == status ? old.since() : now;
        return new Allocation(old.name(), old.address(), six, status, since, old.owner());
    }

    private Optional<Allocation> created(
            ServiceName name, SortedMap<ServiceKey, Desired.Service> services, Set<Ip> claimed) {
        Optional<Ip> four = pick(name, Family.V4, claimed);
        if (four.isEmpty()) {
            return Optional.empty();
        }
        Optional<Ip> six = wantsV6(services) ? pick(name, Family.V6, claimed) : Optional.empty();
        String owner = services.values().stream()
                .flatMap(service -> service.origins().stream())
                .map(origin -> origin.owner())
                .findFirst()
                .orElse("");
        live.add(name);
        return Optional.of(new Allocation(name, four.get(), six, Status.ALLOCATED, now, owner));
    }

    private Optional<Ip> pick(ServiceName name, Family family, Set<Ip> claimed) {
        AddressPool pool = addresses.get(family);
        // A pool that had nothing for one name has nothing for the next; looking again would cost its whole size.
        Optional<Ip> picked = pool == null || exhausted.contains(family)
                ? Optional.empty()
                : pool.pick(name.prefix(), ip -> isTaken(ip, claimed));
        picked.ifPresent(given::add);
        if (picked.isEmpty()) {
            exhausted.add(family);
            IpRange range = family == Family.V4 ? pools.v4() : pools.v6();
            problems.add(
                    name,
                    new Problem(
                            "pool-exhausted",
                            name.fqdn(),
                            "no address of " + range + " is free; remove names or make the pool larger"));
        }
        return picked;
    }

    private boolean isTaken(Ip ip, Set<Ip> claimed) {
        return claimed.contains(ip)
                || given.contains(ip)
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
