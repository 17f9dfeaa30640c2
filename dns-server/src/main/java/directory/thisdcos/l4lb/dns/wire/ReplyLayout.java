package directory.thisdcos.l4lb.dns.wire;

import java.util.Arrays;

/**
 * Where the records of another server's reply are. Checks all that must hold before a byte of it is used: it answers
 * this question, and it can be read to its end.
 */
public final class ReplyLayout {
    private static final int[] NO_OFFSETS = {};

    private final int[] counts = new int[3];
    private int[] ends = NO_OFFSETS;
    private int records;
    private int questionEnd;
    private int optFixed = -1;
    private boolean wellFormed;

    private ReplyLayout() {}

    /** Whether a packet is a reply to the transaction; nothing else of it has been looked at. */
    public static boolean hasId(byte[] reply, int id) {
        return reply.length >= Wire.HEADER
                && Wire.u16(reply, 0) == id
                && (Wire.u16(reply, 2) & (Wire.QR | 0x7800)) == Wire.QR;
    }

    /** Whether it repeats the question, without regard to case. Only for a packet that {@link #hasId}. */
    public static boolean repeats(byte[] reply, byte[] question) {
        if (Wire.u16(reply, 4) != 1 || reply.length < Wire.HEADER + question.length) {
            return false;
        }
        for (int i = 0; i < question.length; i++) {
            byte there = reply[Wire.HEADER + i];
            // Type and class are exact; length octets are below 64 and have no case.
            boolean same = i < question.length - 4 ? lower(there) == lower(question[i]) : there == question[i];
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 32) : octet;
    }

    /** Of a packet that {@link #repeats} a question of {@code questionSize} octets. */
    public static ReplyLayout of(byte[] reply, int questionSize) {
        ReplyLayout layout = new ReplyLayout();
        layout.questionEnd = Wire.HEADER + questionSize;
        layout.wellFormed = layout.scan(reply);
        return layout;
    }

    private boolean scan(byte[] reply) {
        int at = questionEnd;
        for (int section = 0; section < 3; section++) {
            int count = Wire.u16(reply, 6 + 2 * section);
            for (int i = 0; i < count; i++) {
                int fixed = RecordScan.skipName(reply, at, reply.length);
                int end = RecordScan.skipRest(reply, fixed, reply.length);
                if (end < 0 || !isSound(reply, fixed, end)) {
                    return false;
                }
                if (Wire.u16(reply, fixed) == Type.OPT) {
                    if (section != 2 || optFixed >= 0) {
                        return false;
                    }
                    optFixed = fixed;
                } else if (optFixed < 0) {
                    // What follows an OPT record is optional and would have to move; it is left out.
                    note(end);
                    counts[section]++;
                }
                at = end;
            }
        }
        return true;
    }

    /** Whether data of the types that every client reads can be read: a stub resolver may trust us with that. */
    private static boolean isSound(byte[] reply, int fixed, int end) {
        int data = fixed + 10;
        int size = end - data;
        return switch (Wire.u16(reply, fixed)) {
            case Type.A -> size == 4;
            case Type.AAAA -> size == 16;
            case Type.NS, Type.CNAME, Type.PTR, Type.DNAME -> RecordScan.skipName(reply, data, end) == end;
            case Type.MX -> size > 2 && RecordScan.skipName(reply, data + 2, end) == end;
            case Type.SRV -> size > 6 && RecordScan.skipName(reply, data + 6, end) == end;
            case Type.SOA -> {
                int second = RecordScan.skipName(reply, data, end);
                yield second > 0 && RecordScan.skipName(reply, second, end) + 20 == end;
            }
            default -> true;
        };
    }

    private void note(int end) {
        if (records == ends.length) {
            ends = Arrays.copyOf(ends, Math.max(8, 2 * records));
        }
        ends[records++] = end;
    }

    public boolean isWellFormed() {
        return wellFormed;
    }

    public int questionEnd() {
        return questionEnd;
    }

    /** Number of records of a section (0 answer, 1 authority, 2 additional) without OPT. */
    public int count(int section) {
        return counts[section];
    }

    /** The offset after record {@code index}, counted through the sections. */
    public int end(int index) {
        return ends[index];
    }

    public boolean hasOpt() {
        return optFixed >= 0;
    }

    /** All twelve bits of the response code. */
    public int rcode(byte[] reply) {
        int upper = hasOpt() ? (reply[optFixed + 4] & 0xff) << 4 : 0;
        return upper | (Wire.u16(reply, 2) & 0xf);
    }

    /** The first extended error (RFC 8914) with its option header, or nothing. */
    public byte[] extendedError(byte[] reply) {
        if (hasOpt()) {
            int end = optFixed + 10 + Wire.u16(reply, optFixed + 8);
            int at = optFixed + 10;
            while (at + 4 <= end) {
                int next = at + 4 + Wire.u16(reply, at + 2);
                if (Wire.u16(reply, at) == EdnsOption.EXTENDED_ERROR && next <= end) {
                    return Arrays.copyOfRange(reply, at, next);
                }
                at = next;
            }
        }
        return new byte[0];
    }
}
