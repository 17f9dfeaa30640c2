package directory.thisdcos.l4lb.model;

/** An address family. */
public enum Family {
    V4(4, 32),
    V6(16, 128);

    private final int octets;
    private final int bits;

    Family(int octets, int bits) {
        this.octets = octets;
        this.bits = bits;
    }

    /** Length of an address on the wire: 4 or 16 octets. */
    public int octets() {
        return octets;
    }

    /** Length of a host prefix: 32 or 128 bits. */
    public int bits() {
        return bits;
    }
}
