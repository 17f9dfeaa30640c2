package directory.thisdcos.l4lb.model;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where names get their addresses, and which addresses fixed VIPs may claim.
 *
 * @param list in the order in which they are used; at least one of each family, and none overlaps another
 * @param claimable an allow-list for fixed VIPs outside the pools; empty for no restriction
 */
public record Pools(List<Pool> list, List<IpRange> claimable) {

    private static final String PLAIN_V4 = "v4";
    private static final String PLAIN_V6 = "v6";

    /** dcos-net's ranges as DC/OS configures them. */
    public static final Pools DEFAULT =
            new Pools(IpRange.parse("11.0.0.0-11.255.255.255"), IpRange.parse("fd01:c::-fd01:c::ffff:ffff:ffff:ffff"));

    public Pools {
        list = List.copyOf(list);
        claimable = List.copyOf(claimable);
        Set<String> names = new HashSet<>();
        for (Pool pool : list) {
            if (!names.add(pool.name())) {
                throw new IllegalArgumentException("two pools are called " + pool.name());
            }
        }
        for (int i = 0; i < list.size(); i++) {
            requireApart(list.get(i), list.subList(i + 1, list.size()));
        }
        for (Family family : Family.values()) {
            if (list.stream().noneMatch(pool -> pool.family() == family)) {
                throw new IllegalArgumentException("there is no pool for " + family);
            }
        }
    }

    private static void requireApart(Pool one, List<Pool> others) {
        for (Pool other : others) {
            IpRange a = one.range();
            IpRange b = other.range();
            if (a.contains(b.first()) || b.contains(a.first())) {
                throw new IllegalArgumentException(
                        "the pools " + one.name() + " (" + a + ") and " + other.name() + " (" + b + ") overlap");
            }
        }
    }

    /** One pool for each family, for all names, without exceptions. */
    public Pools(IpRange v4, IpRange v6) {
        this(plain(v4, v6), List.of());
    }

    private static List<Pool> plain(IpRange v4, IpRange v6) {
        if (v4.family() != Family.V4 || v6.family() != Family.V6) {
            throw new IllegalArgumentException("a pool is of the wrong family: " + v4 + ", " + v6);
        }
        return List.of(Pool.of(PLAIN_V4, v4), Pool.of(PLAIN_V6, v6));
    }

    /** Whether two ranges say it all, as in tables of earlier releases. */
    public boolean isPlain() {
        return claimable.isEmpty()
                && list.size() == 2
                && list.get(0).isPlain(PLAIN_V4)
                && list.get(1).isPlain(PLAIN_V6)
                && list.get(0).range().first().isV4();
    }

    /** The pools of a family, in order. */
    public List<Pool> of(Family family) {
        return list.stream().filter(pool -> pool.family() == family).toList();
    }

    /** Where a name may get its address, the best first: pools for its longest suffix before those for all names. */
    public List<Pool> candidates(ServiceName name, Family family) {
        int best = of(family).stream().mapToInt(pool -> pool.fit(name)).max().orElse(-1);
        return of(family).stream()
                .filter(pool -> pool.fit(name) == best && best >= 0)
                .toList();
    }

    /** The first IPv4 pool's range. */
    public IpRange v4() {
        return of(Family.V4).get(0).range();
    }

    /** The first IPv6 pool's range. */
    public IpRange v6() {
        return of(Family.V6).get(0).range();
    }

    /** Every pool's range: what is ours in the kernel, and what reverse zones are for. */
    public List<IpRange> ranges() {
        return list.stream().map(Pool::range).toList();
    }

    public Optional<Pool> poolOf(Ip ip) {
        for (Pool pool : list) {
            if (pool.contains(ip)) {
                return Optional.of(pool);
            }
        }
        return Optional.empty();
    }

    /** Whether it lies in a pool, draining or reserved parts included. */
    public boolean contains(Ip ip) {
        return poolOf(ip).isPresent();
    }

    /** Whether the operator lets fixed VIPs use an address; whether it is taken is another question. */
    public boolean mayClaim(Ip ip) {
        return claimable.isEmpty() || contains(ip) || claimable.stream().anyMatch(range -> range.contains(ip));
    }
}
