package directory.thisdcos.l4lb.netlink.nftables;

/**
 * A set without its elements.
 *
 * @param keyType the number by which the program {@code nft} knows how to print a key; nothing to the kernel
 * @param keyLength in bytes; parts of a concatenation are padded to four
 * @param interval whether elements are bounds of ranges
 */
public record AddressSet(String name, int keyType, int keyLength, boolean interval) {
    /** Types of the program nft (include/datatype.h); a concatenation has six bits for each. */
    public static final int IPV4_ADDRESS = 7;

    public static final int IPV6_ADDRESS = 8;
    public static final int INET_PROTOCOL = 12;
    public static final int INET_SERVICE = 13;
    public static final int TYPE_BITS = 6;
}
