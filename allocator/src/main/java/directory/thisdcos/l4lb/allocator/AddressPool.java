package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Picks addresses from a range as dcos-net does: a hash of the name gives the first candidate, and what is taken is
 * passed over one by one, from the last to the first of the range.
 */
final class AddressPool {
    private final IpRange range;
    private final BigInteger span;
    private final BigInteger size;

    AddressPool(IpRange range) {
        this.range = range;
        this.size = range.size();
        // One less than the size, as in dcos-net: the last address is nobody's first candidate.
        this.span = size.subtract(BigInteger.ONE);
    }

    /**
     * Where the search for a name begins.
     *
     * @param prefix the name below the zone, such as {@code my-service.marathon}
     */
    Ip firstCandidate(String prefix) {
        if (span.signum() == 0) {
            return range.first();
        }
        byte[] octets = prefix.getBytes(StandardCharsets.US_ASCII);
        BigInteger hash =
                range.first().isV4() ? BigInteger.valueOf(Phash2.of(octets)) : new BigInteger(1, sha1(octets));
        return range.at(hash.mod(span));
    }

    /** The first free address at or after the first candidate; empty if none of the range is free. */
    Optional<Ip> pick(String prefix, Predicate<Ip> taken) {
        Ip start = firstCandidate(prefix);
        Ip candidate = start;
        do {
            if (!taken.test(candidate)) {
                return Optional.of(candidate);
            }
            candidate = candidate.equals(range.last()) ? range.first() : candidate.plus(1);
        } while (!candidate.equals(start));
        return Optional.empty();
    }

    BigInteger size() {
        return size;
    }

    private static byte[] sha1(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }
}
