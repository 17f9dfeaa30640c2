package directory.thisdcos.l4lb.model;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address. Parsing never asks a resolver. IPv4 sorts before IPv6, each by its unsigned value.
 *
 * @param high the upper 64 bits (0 for IPv4)
 * @param low the lower 64 bits (the unsigned 32-bit value for IPv4)
 */
public record Ip(Family family, long high, long low) implements Comparable<Ip> {

    public Ip {
        if (family == Family.V4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("not an IPv4 value: " + high + ":" + low);
        }
    }

    public static Ip v4(int value) {
        return new Ip(Family.V4, 0, value & 0xffff_ffffL);
    }

    /** From 4 or 16 octets in network order. An IPv4-mapped address stays IPv6. */
    public static Ip of(byte[] octets) {
        return of(octets, 0, octets.length);
    }

    /** From 4 or 16 octets at a place. */
    public static Ip of(byte[] octets, int from, int length) {
        if (length == 4) {
            return new Ip(Family.V4, 0, bigEndian(octets, from, 4));
        }
        if (length == 16) {
            return new Ip(Family.V6, bigEndian(octets, from, 8), bigEndian(octets, from + 8, 8));
        }
        throw new IllegalArgumentException("an address has 4 or 16 octets, not " + length);
    }

    public static Ip of(InetAddress address) {
        return of(address.getAddress());
    }

    /** A literal address; throws {@link IllegalArgumentException} for anything else. For constants and settings. */
    public static Ip of(String literal) {
        return parse(literal).orElseThrow(() -> new IllegalArgumentException("not an IP address: '" + literal + "'"));
    }

    /**
     * Strict literals only: four decimal octets without leading zeros, or RFC 4291 text without brackets or zone.
     * {@code "1.2.3"}, {@code "010.0.0.1"}, {@code "fe80::1%eth0"} and host names give empty.
     */
    public static Optional<Ip> parse(String text) {
        return IpText.parse(text);
    }

    public byte[] octets() {
        byte[] octets = new byte[family.octets()];
        for (int i = 0; i < octets.length; i++) {
            int shift = 8 * (octets.length - 1 - i);
            octets[i] = (byte) (shift >= 64 ? high >>> (shift - 64) : low >>> shift);
        }
        return octets;
    }

    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(octets());
        } catch (UnknownHostException e) {
            throw new AssertionError("octets have a legal length", e);
        }
    }

    /** The address as an unsigned number. */
    public BigInteger number() {
        return new BigInteger(1, octets());
    }

    /** The address {@code offset} places on; wraps at the end of the family. */
    public Ip plus(long offset) {
        if (family == Family.V4) {
            return v4((int) (low + offset));
        }
        long sum = low + offset;
        long carry = 0;
        if (offset >= 0 && Long.compareUnsigned(sum, low) < 0) {
            carry = 1;
        } else if (offset < 0 && Long.compareUnsigned(sum, low) > 0) {
            carry = -1;
        }
        return new Ip(Family.V6, high + carry, sum);
    }

    static Ip ofNumber(Family family, BigInteger number) {
        return new Ip(family, number.shiftRight(64).longValue(), number.longValue());
    }

    public boolean isV4() {
        return family == Family.V4;
    }

    static long bigEndian(byte[] octets, int from, int length) {
        long value = 0;
        for (int i = from; i < from + length; i++) {
            value = value << 8 | (octets[i] & 0xff);
        }
        return value;
    }

    // What a record makes by itself takes a hundred times longer before it is compiled, and a table has a million of
    // them.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ip that && low == that.low && high == that.high && family == that.family;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(31 * high + low);
    }

    @Override
    public int compareTo(Ip other) {
        if (family != other.family) {
            return family.compareTo(other.family);
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** Canonical text; IPv6 as in RFC 5952, without brackets. */
    @Override
    public String toString() {
        return IpText.format(this);
    }
}
