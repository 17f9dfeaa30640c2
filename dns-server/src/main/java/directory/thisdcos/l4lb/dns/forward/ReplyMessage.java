package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.EdnsOption;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.RecordScan;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A reply taken apart. All that it claims is checked before it is believed: it can be read to its end or not at all. */
final class ReplyMessage {
    private static final int AUTHORITY = 1;
    private static final int ADDITIONAL = 2;

    private final byte[] packet;
    private final List<ReplyRecord> answer = new ArrayList<>();
    private final List<ReplyRecord> authority = new ArrayList<>();
    private int optFixed = -1;

    private ReplyMessage(byte[] packet) {
        this.packet = packet;
    }

    /** Reads a packet whose question was matched and has {@code questionSize} octets; empty if it is malformed. */
    static Optional<ReplyMessage> read(byte[] packet, int questionSize) {
        ReplyMessage message = new ReplyMessage(packet);
        return message.scan(Wire.HEADER + questionSize) ? Optional.of(message) : Optional.empty();
    }

    private boolean scan(int from) {
        int at = from;
        for (int section = 0; section <= ADDITIONAL; section++) {
            int count = Wire.u16(packet, 6 + 2 * section);
            // Each turn consumes at least 11 octets or fails, so a count that lies costs nothing.
            for (int i = 0; i < count; i++) {
                int fixed = RecordScan.skipName(packet, at, packet.length);
                int end = RecordScan.skipRest(packet, fixed, packet.length);
                if (end < 0 || !take(section, at, fixed, end)) {
                    return false;
                }
                at = end;
            }
        }
        return true;
    }

    private boolean take(int section, int at, int fixed, int end) {
        int type = Wire.u16(packet, fixed);
        if (type == Type.OPT) {
            boolean legal = section == ADDITIONAL && optFixed < 0;
            optFixed = fixed;
            return legal;
        }
        byte[] data = data(type, fixed + 10, end);
        if (data == null) {
            return false;
        }
        if (section != ADDITIONAL && Wire.u16(packet, fixed + 2) == Wire.IN) {
            byte[] owner = name(at);
            // RFC 2181 §8: a TTL with its highest bit set is 0.
            int ttl = Math.max(0, (int) Wire.u32(packet, fixed + 4));
            (section == AUTHORITY ? authority : answer)
                    .add(new ReplyRecord(Name.ofWire(owner, 0), owner, type, ttl, data));
        }
        return true;
    }

    /** The data with its names uncompressed, or null if it is not what its type says. */
    @SuppressWarnings("ReturnsNullCollection") // no collection; null is the one way to be malformed
    private byte @org.jspecify.annotations.Nullable [] data(int type, int from, int end) {
        int size = end - from;
        if ((type == Type.A && size != 4)
                || (type == Type.AAAA && size != 16)
                || (type == Type.TXT && !isText(from, end))) {
            return null;
        }
        RecordData shape = RecordData.of(type);
        if (shape.names() == 0) {
            return Arrays.copyOfRange(packet, from, end);
        }
        if (shape.prefix() >= size) {
            return null;
        }
        byte[] data = Arrays.copyOfRange(packet, from, from + shape.prefix());
        int at = from + shape.prefix();
        for (int i = 0; i < shape.names(); i++) {
            int next = RecordScan.skipName(packet, at, end);
            if (next < 0) {
                return null;
            }
            data = join(data, name(at));
            at = next;
        }
        int tail = end - at;
        boolean exact = type == Type.SOA ? tail == 20 : type == Type.RRSIG || tail == 0;
        return exact ? join(data, Arrays.copyOfRange(packet, at, end)) : null;
    }

    /** One or more character strings (RFC 1035 §3.3.14) that end where the data does. */
    private boolean isText(int from, int end) {
        int at = from;
        while (at < end) {
            at += 1 + (packet[at] & 0xff);
        }
        return at == end && end > from;
    }

    private static byte[] join(byte[] head, byte[] tail) {
        byte[] joined = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, joined, head.length, tail.length);
        return joined;
    }

    /** A name that was found sound, without its pointers. */
    private byte[] name(int from) {
        byte[] name = new byte[Wire.MAX_NAME];
        int size = 0;
        int at = from;
        while (packet[at] != 0) {
            int octet = packet[at] & 0xff;
            if (octet >= 0xc0) {
                at = Wire.u16(packet, at) & 0x3fff;
                continue;
            }
            System.arraycopy(packet, at, name, size, 1 + octet);
            size += 1 + octet;
            at += 1 + octet;
        }
        return Arrays.copyOf(name, size + 1);
    }

    List<ReplyRecord> answer() {
        return answer;
    }

    List<ReplyRecord> authority() {
        return authority;
    }

    int flags() {
        return Wire.u16(packet, 2);
    }

    boolean hasOpt() {
        return optFixed >= 0;
    }

    /** All twelve bits of the response code. */
    int rcode() {
        int upper = hasOpt() ? (packet[optFixed + 4] & 0xff) << 4 : 0;
        return upper | (flags() & 0xf);
    }

    /** The first extended error (RFC 8914) with its option header, or nothing. */
    byte[] extendedError() {
        if (hasOpt()) {
            int end = optFixed + 10 + Wire.u16(packet, optFixed + 8);
            int at = optFixed + 10;
            while (at + 4 <= end) {
                int next = at + 4 + Wire.u16(packet, at + 2);
                if (Wire.u16(packet, at) == EdnsOption.EXTENDED_ERROR && next <= end && next - at >= 6) {
                    return Arrays.copyOfRange(packet, at, next);
                }
                at = next;
            }
        }
        return new byte[0];
    }
}
