package directory.thisdcos.l4lb.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** An inclusive range of addresses of one family, {@code 11.0.0.0-11.255.255.255}. */
public record IpRange(Ip first, Ip last) {

    public IpRange {
        if (first.family() != last.family()) {
            throw new IllegalArgumentException("range " + first + "-" + last + " mixes IPv4 and IPv6");
        }
        if (first.compareTo(last) > 0) {
            throw new IllegalArgumentException("range " + first + "-" + last + " ends before it begins");
        }
    }

    /** Parses {@code FIRST-LAST}, {@code ADDRESS/PREFIX} or one address; throws with the reason otherwise. */
    public static IpRange parse(String text) {
        int dash = text.indexOf('-');
        if (dash >= 0) {
            return new IpRange(
                    Ip.of(text.substring(0, dash).strip()),
                    Ip.of(text.substring(dash + 1).strip()));
        }
        int slash = text.indexOf('/');
        if (slash < 0) {
            Ip only = Ip.of(text.strip());
            return new IpRange(only, only);
        }
        Ip network = Ip.of(text.substring(0, slash).strip());
        int length = prefixLength(text.substring(slash + 1).strip(), network.family(), text);
        BigInteger size = BigInteger.ONE.shiftLeft(network.family().bits() - length);
        BigInteger start = network.number().divide(size).multiply(size);
        if (!start.equals(network.number())) {
            throw new IllegalArgumentException("'" + text + "' has bits set after the prefix; write "
                    + Ip.ofNumber(network.family(), start) + "/" + length);
        }
        return new IpRange(
                network, Ip.ofNumber(network.family(), start.add(size).subtract(BigInteger.ONE)));
    }

    private static int prefixLength(String text, Family family, String whole) {
        try {
            int length = Integer.parseInt(text);
            if (length >= 0 && length <= family.bits()) {
                return length;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message
        }
        throw new IllegalArgumentException("'" + whole + "': the prefix length is 0 to " + family.bits());
    }

    public Family family() {
        return first.family();
    }

    public boolean contains(Ip ip) {
        return ip.family() == family() && first.compareTo(ip) <= 0 && ip.compareTo(last) <= 0;
    }

    public boolean overlaps(IpRange other) {
        return contains(other.first) || other.contains(first);
    }

    /** Number of addresses, at least 1. */
    public BigInteger size() {
        return last.number().subtract(first.number()).add(BigInteger.ONE);
    }

    /** The address {@code index} places after the first; {@code index} in [0, size). */
    public Ip at(BigInteger index) {
        return Ip.ofNumber(family(), first.number().add(index));
    }

    /** The fewest prefixes that cover exactly this range, in order; one for a range that is a prefix. */
    public List<Prefix> prefixes() {
        List<Prefix> prefixes = new ArrayList<>();
        BigInteger next = first.number();
        BigInteger end = last.number().add(BigInteger.ONE);
        while (next.compareTo(end) < 0) {
            int free = next.signum() == 0 ? family().bits() : Math.min(next.getLowestSetBit(), family().bits());
            while (next.add(BigInteger.ONE.shiftLeft(free)).compareTo(end) > 0) {
                free--;
            }
            prefixes.add(new Prefix(Ip.ofNumber(family(), next), family().bits() - free));
            next = next.add(BigInteger.ONE.shiftLeft(free));
        }
        return List.copyOf(prefixes);
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
