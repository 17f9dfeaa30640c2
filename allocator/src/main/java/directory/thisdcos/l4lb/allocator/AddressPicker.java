package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.ServiceName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Picks addresses for names, one after another, and never one twice. For one plan or order. */
final class AddressPicker {
    private final Pools pools;
    private final Predicate<Ip> taken;
    private final Set<Ip> given = new HashSet<>();
    private final Set<Pool> exhausted = new HashSet<>();

    AddressPicker(Pools pools, Predicate<Ip> taken) {
        this.pools = pools;
        this.taken = taken;
    }

    /** Empty if there is none; then {@link #reason} says why. */
    Optional<Ip> pick(ServiceName name, Family family) {
        for (Pool pool : pools.candidates(name, family)) {
            // A pool that had nothing for one name has nothing for the next; looking again would cost its whole size.
            if (!pool.draining() && !exhausted.contains(pool)) {
                Optional<Ip> picked =
                        new AddressPool(pool).pick(name.prefix(), ip -> given.contains(ip) || taken.test(ip));
                if (picked.isPresent()) {
                    given.add(picked.get());
                    return picked;
                }
                exhausted.add(pool);
            }
        }
        return Optional.empty();
    }

    /** Why a name gets no address of a family, and what would help. */
    String reason(ServiceName name, Family family) {
        List<Pool> candidates = pools.candidates(name, family);
        if (candidates.isEmpty()) {
            return "no pool for " + family + " is for this name; give it one, or one without suffixes";
        }
        String looked = candidates.stream()
                .map(pool -> pool.name() + " (" + pool.range() + (pool.draining() ? ", draining)" : ")"))
                .collect(Collectors.joining(", "));
        return "no address is free in its pools, which are " + looked
                + "; remove names, make a pool larger, or add another";
    }
}
