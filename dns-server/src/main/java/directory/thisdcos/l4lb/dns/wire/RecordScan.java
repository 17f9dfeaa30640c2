package directory.thisdcos.l4lb.dns.wire;

/** Walks over records in a message without taking them apart, trusting nothing. */
public final class RecordScan {

    private RecordScan() {}

    /**
     * The offset after a possibly compressed name, or -1 if it is malformed. Pointers must lead strictly backwards (RFC
     * 1035 §4.1.4 "prior occurrence"), so a walk ends whatever the packet holds.
     */
    public static int skipName(byte[] packet, int from, int limit) {
        int at = from;
        int end = -1;
        int floor = from;
        int octets = 1;
        while (at < limit) {
            int size = packet[at] & 0xff;
            if (size == 0) {
                return end < 0 ? at + 1 : end;
            }
            if (size >= 0xc0) {
                if (at + 1 >= limit) {
                    return -1;
                }
                int target = Wire.u16(packet, at) & 0x3fff;
                if (target >= floor || target < Wire.HEADER) {
                    return -1;
                }
                end = end < 0 ? at + 2 : end;
                floor = target;
                at = target;
                continue;
            }
            octets += 1 + size;
            if (size > Wire.MAX_LABEL || octets > Wire.MAX_NAME) {
                return -1;
            }
            at += 1 + size;
        }
        return -1;
    }

    /** The offset after the record whose owner ends at {@code fixed}, or -1 if it overruns. */
    public static int skipRest(byte[] packet, int fixed, int limit) {
        if (fixed < 0 || fixed + 10 > limit) {
            return -1;
        }
        int end = fixed + 10 + Wire.u16(packet, fixed + 8);
        return end > limit ? -1 : end;
    }
}
