package directory.thisdcos.l4lb.model;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A range from which names get their addresses.
 *
 * @param name how operators call it; lower case letters, digits and hyphens
 * @param range its addresses; another end gives new names other first candidates
 * @param reserved parts of the range that no name gets; fixed VIPs may claim them
 * @param suffixes which names get their address here: those whose part before the zone is one of these or ends with a dot
 *     and one of these, such as {@code kafka} for {@code broker.kafka}; empty for all that no other pool is for
 * @param draining whether no name gets a new address here; those that have one keep it for as long as they live
 */
public record Pool(String name, IpRange range, List<IpRange> reserved, List<String> suffixes, boolean draining) {

    private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final String SUFFIX = "[a-z0-9-]+([.][a-z0-9-]+)*";

    public Pool {
        reserved = List.copyOf(reserved);
        suffixes = List.copyOf(suffixes);
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name for a pool; it has lower case letters, digits and hyphens");
        }
        for (IpRange part : reserved) {
            if (!range.contains(part.first()) || !range.contains(part.last())) {
                throw new IllegalArgumentException(
                        "pool " + name + ": the reserved range " + part + " is not within " + range);
            }
        }
        for (int i = 1; i < reserved.size(); i++) {
            IpRange part = reserved.get(i);
            if (reserved.subList(0, i).stream().anyMatch(part::overlaps)) {
                throw new IllegalArgumentException(
                        "pool " + name + ": the reserved range " + part + " overlaps another");
            }
        }
        for (String suffix : suffixes) {
            if (!suffix.matches(SUFFIX)) {
                throw new IllegalArgumentException("pool " + name + ": '" + suffix
                        + "' is no end of a name; write one such as kafka or team-a.marathon");
            }
        }
    }

    /** A pool for all names, without exceptions. */
    public static Pool of(String name, IpRange range) {
        return new Pool(name, range, List.of(), List.of(), false);
    }

    public Pool withReserved(List<IpRange> newReserved) {
        return new Pool(name, range, newReserved, suffixes, draining);
    }

    public Pool withSuffixes(List<String> newSuffixes) {
        return new Pool(name, range, reserved, newSuffixes, draining);
    }

    public Pool withDraining(boolean drain) {
        return new Pool(name, range, reserved, suffixes, drain);
    }

    public Family family() {
        return range.family();
    }

    public boolean contains(Ip ip) {
        return range.contains(ip);
    }

    /** The reserved part in which an address lies. */
    public Optional<IpRange> reservedAt(Ip ip) {
        for (IpRange part : reserved) {
            if (part.contains(ip)) {
                return Optional.of(part);
            }
        }
        return Optional.empty();
    }

    /** Number of addresses that are not reserved. */
    public BigInteger allocatable() {
        return reserved.stream().map(IpRange::size).reduce(range.size(), BigInteger::subtract);
    }

    /** Whether a name that has no address yet may get this one. */
    public boolean mayAllocate(Ip ip) {
        return !draining && contains(ip) && reservedAt(ip).isEmpty();
    }

    /** Length of the longest suffix that a name has; 0 for a pool for all names, -1 if it is not for this one. */
    int fit(ServiceName name) {
        if (suffixes.isEmpty()) {
            return 0;
        }
        String prefix = name.prefix();
        return suffixes.stream()
                .filter(suffix -> prefix.equals(suffix) || prefix.endsWith("." + suffix))
                .mapToInt(String::length)
                .max()
                .orElse(-1);
    }

    private boolean isPlain() {
        return reserved.isEmpty() && suffixes.isEmpty() && !draining;
    }

    /** Whether only its range tells it from other pools with this name. */
    boolean isPlain(String plainName) {
        return isPlain() && name.equals(plainName);
    }
}
