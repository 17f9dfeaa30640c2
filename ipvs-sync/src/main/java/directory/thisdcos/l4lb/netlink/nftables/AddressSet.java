package directory.thisdcos.l4lb.netlink.nftables;

/**
 * A set, or a map to firewall marks, without its elements.
 *
 * @param keyType the number by which the program {@code nft} knows how to print a key; nothing to the kernel
 * @param keyLength in bytes; parts of a concatenation are padded to four
 * @param interval whether elements are bounds of ranges
 * @param toMarks whether it is a map
 */
public record AddressSet(String name, int keyType, int keyLength, boolean interval, boolean toMarks) {
    /** Types of the program nft (include/datatype.h); a concatenation has six bits for each. */
    public static final int IPV4_ADDRESS = 7;

    public static final int IPV6_ADDRESS = 8;
    public static final int INET_PROTOCOL = 12;
    public static final int INET_SERVICE = 13;
    static final int MARK = 19;
    public static final int TYPE_BITS = 6;

    public AddressSet(String name, int keyType, int keyLength, boolean interval) {
        this(name, keyType, keyLength, interval, false);
    }

    public static AddressSet toMarks(String name, int keyType, int keyLength) {
        return new AddressSet(name, keyType, keyLength, false, true);
    }
}
