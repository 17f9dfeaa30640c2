package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pool;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Picks addresses from a pool as dcos-net does: a hash of the name gives the first candidate, and what is taken or
 * reserved is passed over one by one, from the last to the first of the range.
 */
final class AddressPool {
    private final Pool pool;
    private final BigInteger span;

    AddressPool(Pool pool) {
        this.pool = pool;
        // One less than the size, as in dcos-net: the last address is nobody's first candidate.
        this.span = pool.range().size().subtract(BigInteger.ONE);
    }

    /**
     * Where the search for a name begins.
     *
     * @param prefix the name below the zone, such as {@code my-service.marathon}
     */
    Ip firstCandidate(String prefix) {
        IpRange range = pool.range();
        if (span.signum() == 0) {
            return range.first();
        }
        byte[] octets = prefix.getBytes(StandardCharsets.US_ASCII);
        BigInteger hash =
                range.first().isV4() ? BigInteger.valueOf(Phash2.of(octets)) : new BigInteger(1, sha1(octets));
        return range.at(hash.mod(span));
    }

    /** The first free address at or after the first candidate; empty if none of the pool is free. */
    Optional<Ip> pick(String prefix, Predicate<Ip> taken) {
        Ip start = firstCandidate(prefix);
        return pick(start, pool.range().last(), taken)
                .or(() -> pick(pool.range().first(), start, taken));
    }

    /** Within FIRST to LAST. A reserved part is passed over at once: it may hold millions of addresses. */
    private Optional<Ip> pick(Ip first, Ip last, Predicate<Ip> taken) {
        Ip candidate = first;
        while (true) {
            Optional<IpRange> reserved = pool.reservedAt(candidate);
            if (reserved.isEmpty() && !taken.test(candidate)) {
                return Optional.of(candidate);
            }
            Ip end = reserved.map(IpRange::last).orElse(candidate);
            if (end.compareTo(last) >= 0) {
                return Optional.empty();
            }
            candidate = end.plus(1);
        }
    }

    private static byte[] sha1(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }
}
