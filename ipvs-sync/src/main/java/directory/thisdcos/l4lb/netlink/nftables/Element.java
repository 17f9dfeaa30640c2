package directory.thisdcos.l4lb.netlink.nftables;

import java.util.Comparator;

/**
 * One element of a set: a key, or in a set of intervals a bound.
 *
 * @param end whether the interval before ends here, itself excluded
 */
public record Element(Octets key, boolean end) {
    /** The order in which bounds go to the kernel: where two intervals meet, the one ends before the other begins. */
    static final Comparator<Element> ORDER =
            Comparator.comparing(Element::key).thenComparing(Element::end, Comparator.reverseOrder());

    public static Element of(byte... key) {
        return new Element(Octets.of(key), false);
    }
}
