package directory.thisdcos.l4lb.netlink.nftables;

import java.util.Comparator;

/**
 * One element of a set: a key, or in a set of intervals a bound; in a map a key and what it stands for.
 *
 * @param end whether the interval before ends here, itself excluded
 * @param data empty but in a map
 */
public record Element(Octets key, boolean end, Octets data) {
    private static final Octets NOTHING = Octets.of();

    /** The order in which bounds go to the kernel: where two intervals meet, the one ends before the other begins. */
    static final Comparator<Element> ORDER =
            Comparator.comparing(Element::key).thenComparing(Element::end, Comparator.reverseOrder());

    public static Element of(byte... key) {
        return new Element(Octets.of(key), false, NOTHING);
    }

    public static Element bound(Octets key, boolean end) {
        return new Element(key, end, NOTHING);
    }

    /** Of a map. */
    public static Element of(byte[] key, Octets data) {
        return new Element(Octets.of(key), false, data);
    }
}
