package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Prefix;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The addresses that this host takes as its own for the sake of IPVS, and the marks that it gives to packets for them.
 *
 * @param pools all addresses that names may get
 * @param claims virtual addresses outside of the pools: fixed ones, and those that names kept when a pool became smaller
 * @param marks of services that share one
 */
record LocalAddresses(Pools pools, NavigableSet<Ip> claims, Map<ServiceId.Address, ServiceId.Mark> marks) {

    LocalAddresses {
        marks = Map.copyOf(marks);
    }

    /** Without marks. */
    LocalAddresses(Pools pools, NavigableSet<Ip> claims) {
        this(pools, claims, Map.of());
    }

    LocalAddresses withMarks(Map<ServiceId.Address, ServiceId.Mark> others) {
        return others.equals(marks) ? this : new LocalAddresses(pools, claims, others);
    }

    /** The same object if that adds nothing. */
    LocalAddresses and(Set<Ip> more) {
        List<Ip> added = more.stream()
                .filter(ip -> !pools.contains(ip) && !claims.contains(ip))
                .toList();
        if (added.isEmpty()) {
            return this;
        }
        NavigableSet<Ip> union = new TreeSet<>(claims);
        union.addAll(added);
        return new LocalAddresses(pools, union, marks);
    }

    /** The prefixes that cover them exactly, in order. */
    Set<Prefix> prefixes() {
        return Stream.concat(
                        pools.ranges().stream().flatMap(range -> range.prefixes().stream()),
                        claims.stream().map(Prefix::host))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
