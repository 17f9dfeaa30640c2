package directory.thisdcos.l4lb.dns.wire;

/** Constants of the message format (RFC 1035 §4.1, RFC 6891) and big-endian access to bytes. */
public final class Wire {
    public static final int HEADER = 12;
    public static final int MAX_MESSAGE = 65_535;
    /** What a client without EDNS can receive over UDP: RFC 1035 §2.3.4. */
    public static final int PLAIN_UDP = 512;
    /** What we send and announce over UDP: fits an IPv6 minimum MTU, so that no fragment can be lost or forged. */
    public static final int EDNS_UDP = 1232;

    public static final int MAX_NAME = 255;
    public static final int MAX_LABEL = 63;

    public static final int QR = 0x8000;
    public static final int AA = 0x0400;
    public static final int TC = 0x0200;
    public static final int RD = 0x0100;
    public static final int RA = 0x0080;
    public static final int AD = 0x0020;
    public static final int CD = 0x0010;

    public static final int QUERY = 0;
    public static final int NOTIFY = 4;
    public static final int UPDATE = 5;

    public static final int IN = 1;
    public static final int CHAOS = 3;
    public static final int CLASS_ANY = 255;

    /** The DO bit, within the TTL field of an OPT record. */
    public static final int DO = 0x8000;

    private Wire() {}

    public static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    public static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    public static long u32(byte[] bytes, int at) {
        return (long) u16(bytes, at) << 16 | u16(bytes, at + 2);
    }

    public static void put32(byte[] bytes, int at, long value) {
        put16(bytes, at, (int) (value >>> 16));
        put16(bytes, at + 2, (int) value);
    }
}
