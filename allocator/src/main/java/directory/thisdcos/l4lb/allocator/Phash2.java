package directory.thisdcos.l4lb.allocator;

/**
 * Erlang's {@code phash2} of a binary: Bob Jenkins's lookup2 hash of 1996 with a fixed seed. dcos-net picks a name's
 * first address by it, and users' firewalls know those addresses.
 */
final class Phash2 {
    private static final int GOLDEN = 0x9e3779b9;

    /** The seed that Erlang uses for binaries: 13 times the golden ratio, modulo 2^32. */
    private static final int SEED = 147926629;

    private int a = GOLDEN;
    private int b = GOLDEN;
    private int c = SEED;

    private Phash2() {}

    /** The unsigned 32-bit hash. */
    static long of(byte[] octets) {
        if (octets.length == 0) {
            return SEED & 0xffff_ffffL;
        }
        return new Phash2().hash(octets) & 0xffff_ffffL;
    }

    private int hash(byte[] octets) {
        int at = 0;
        int left = octets.length;
        while (left >= 12) {
            a += littleEndian(octets, at, 4);
            b += littleEndian(octets, at + 4, 4);
            c += littleEndian(octets, at + 8, 4);
            mix();
            at += 12;
            left -= 12;
        }
        c += octets.length;
        a += littleEndian(octets, at, Math.min(left, 4));
        b += littleEndian(octets, at + 4, Math.min(left - 4, 4));
        // The lowest octet of c already holds the length.
        c += littleEndian(octets, at + 8, Math.min(left - 8, 3)) << 8;
        mix();
        return c;
    }

    private static int littleEndian(byte[] octets, int from, int count) {
        int value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | (octets[from + i] & 0xff);
        }
        return value;
    }

    private void mix() {
        a -= b;
        a -= c;
        a ^= c >>> 13;
        b -= c;
        b -= a;
        b ^= a << 8;
        c -= a;
        c -= b;
        c ^= b >>> 13;
        a -= b;
        a -= c;
        a ^= c >>> 12;
        b -= c;
        b -= a;
        b ^= a << 16;
        c -= a;
        c -= b;
        c ^= b >>> 5;
        a -= b;
        a -= c;
        a ^= c >>> 3;
        b -= c;
        b -= a;
        b ^= a << 10;
        c -= a;
        c -= b;
        c ^= b >>> 15;
    }
}
