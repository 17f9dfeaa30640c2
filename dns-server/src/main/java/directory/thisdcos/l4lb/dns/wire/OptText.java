package directory.thisdcos.l4lb.dns.wire;

/** Writes OPT records piece by piece (RFC 6891 §6.1.2). */
public final class OptText {
    /** Octets before the options. */
    public static final int FIXED = 11;

    private OptText() {}

    /** Writes an OPT record without options at the start of {@code bytes} and returns its size. */
    public static int begin(byte[] bytes, boolean dnssecOk) {
        bytes[0] = 0;
        Wire.put16(bytes, 1, Type.OPT);
        Wire.put16(bytes, 3, Wire.EDNS_UDP);
        Wire.put32(bytes, 5, dnssecOk ? Wire.DO : 0);
        Wire.put16(bytes, 9, 0);
        return FIXED;
    }

    public static int append(byte[] bytes, int size, ExtendedError error) {
        byte[] option = error.option();
        System.arraycopy(option, 0, bytes, size, option.length);
        return size + option.length;
    }

    /** Sets the length of the options of a record that ends at {@code size}. */
    public static void end(byte[] bytes, int size) {
        Wire.put16(bytes, 9, size - FIXED);
    }

    /** A whole record with one more option. */
    public static byte[] with(byte[] record, ExtendedError error) {
        byte[] grown = java.util.Arrays.copyOf(record, record.length + error.option().length);
        append(grown, record.length, error);
        end(grown, grown.length);
        return grown;
    }
}
