package directory.thisdcos.l4lb.ipvs;

import java.util.Arrays;

/**
 * Whether two texts of {@code /proc/net/ip_vs} show the same table, whatever its connections: most looks find it as the
 * last one did, and comparing bytes costs a fraction of parsing them.
 */
final class ProcShape {
    /** The last columns of a destination's line, {@code %-10d %-10d\n}: active and inactive connections. */
    private static final int COUNTERS_BYTES = 22;

    private static final byte[] DESTINATION = {' ', ' ', '-', '>', ' '};

    private ProcShape() {}

    static boolean same(byte[] before, byte[] now) {
        if (before.length != now.length) {
            return false;
        }
        int at = 0;
        while (true) {
            int difference = Arrays.mismatch(before, at, before.length, now, at, now.length);
            if (difference < 0) {
                return true;
            }
            int place = at + difference;
            int start = startOfLine(now, place);
            int end = endOfLine(now, place);
            boolean counters = Arrays.equals(
                            DESTINATION,
                            0,
                            DESTINATION.length,
                            now,
                            start,
                            Math.min(start + DESTINATION.length, now.length))
                    && place >= end - COUNTERS_BYTES
                    && before[end - 1] == now[end - 1];
            if (!counters) {
                return false;
            }
            at = end;
        }
    }

    private static int startOfLine(byte[] text, int place) {
        int start = place;
        while (start > 0 && text[start - 1] != '\n') {
            start--;
        }
        return start;
    }

    /** After its last byte. */
    private static int endOfLine(byte[] text, int place) {
        int end = place;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        return Math.min(end + 1, text.length);
    }
}
