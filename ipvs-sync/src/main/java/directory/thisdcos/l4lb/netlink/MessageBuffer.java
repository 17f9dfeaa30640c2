package directory.thisdcos.l4lb.netlink;

import static java.nio.charset.StandardCharsets.US_ASCII;

import directory.thisdcos.l4lb.model.Ip;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Netlink messages one after another, written in place: {@code message(…)}, then attributes, then the next message.
 * Header and attribute integers are in host order; what the kernel wants in network order says so in its name. Lengths
 * are patched when a message or a nest ends (RFC 3549 §2.3.2; include/uapi/linux/netlink.h).
 */
public final class MessageBuffer {
    /** struct nlmsghdr: u32 length, u16 type, u16 flags, u32 sequence, u32 port id. */
    static final int HEADER_BYTES = 16;

    static final int SEQUENCE_OFFSET = 8;
    private static final int FLAGS_OFFSET = 6;

    /** struct nlattr: u16 length, u16 type. */
    static final int ATTRIBUTE_HEADER_BYTES = 4;

    static final int ALIGNMENT_BYTES = 4;
    static final int NLA_F_NESTED = 0x8000;

    public static final int NLM_F_REQUEST = 0x1;
    public static final int NLM_F_ACK = 0x4;
    public static final int NLM_F_DUMP = 0x300;
    public static final int NLM_F_REPLACE = 0x100;
    public static final int NLM_F_CREATE = 0x400;
    public static final int NLM_F_APPEND = 0x800;

    private ByteBuffer bytes;
    private int[] starts = new int[16];
    private int count;

    public MessageBuffer() {
        this(4096);
    }

    public MessageBuffer(int expectedBytes) {
        bytes = ByteBuffer.allocate(expectedBytes).order(ByteOrder.nativeOrder());
    }

    /** Begins a message; NLM_F_REQUEST is added, and the sequence number is the socket's business. */
    public MessageBuffer message(int type, int flags) {
        closeMessage();
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = bytes.position();
        room(HEADER_BYTES);
        bytes.putInt(0)
                .putShort((short) type)
                .putShort((short) (flags | NLM_F_REQUEST))
                .putInt(0)
                .putInt(0);
        return this;
    }

    /** Begins a generic netlink message: struct genlmsghdr {u8 command, u8 version, u16 reserved} follows the header. */
    public MessageBuffer generic(int family, int command, int version, int flags) {
        return message(family, flags).rawU8(command).rawU8(version).rawU16(0);
    }

    /** Outside of any attribute, such as a subsystem's own header. */
    public MessageBuffer rawU8(int value) {
        room(1);
        bytes.put((byte) value);
        return this;
    }

    public MessageBuffer rawU16(int value) {
        room(2);
        bytes.putShort((short) value);
        return this;
    }

    public MessageBuffer rawU32(int value) {
        room(4);
        bytes.putInt(value);
        return this;
    }

    public MessageBuffer u8(int type, int value) {
        attribute(type, 1).put((byte) value);
        return pad();
    }

    public MessageBuffer u16(int type, int value) {
        attribute(type, 2).putShort((short) value);
        return pad();
    }

    public MessageBuffer u32(int type, int value) {
        attribute(type, 4).putInt(value);
        return this;
    }

    /** Two host-order integers in one attribute, such as flags and their mask. */
    public MessageBuffer u32Pair(int type, int first, int second) {
        attribute(type, 8).putInt(first).putInt(second);
        return this;
    }

    /** A port: 16 bits in network order. */
    public MessageBuffer networkU16(int type, int value) {
        attribute(type, 2).put((byte) (value >>> 8)).put((byte) value);
        return pad();
    }

    /** 32 bits in network order, such as an IPv4 netmask. */
    public MessageBuffer networkU32(int type, int value) {
        attribute(type, 4)
                .put((byte) (value >>> 24))
                .put((byte) (value >>> 16))
                .put((byte) (value >>> 8))
                .put((byte) value);
        return this;
    }

    public MessageBuffer bytes(int type, byte[] value) {
        attribute(type, value.length).put(value);
        return pad();
    }

    /** An address in network order: 4 or 16 octets. */
    public MessageBuffer address(int type, Ip ip) {
        return bytes(type, ip.octets());
    }

    /** A string with the NUL that the kernel expects at its end. */
    public MessageBuffer string(int type, String value) {
        byte[] text = value.getBytes(US_ASCII);
        attribute(type, text.length + 1).put(text).put((byte) 0);
        return pad();
    }

    /** Begins a nested attribute; what it returns goes to {@link #endNest}. */
    public int nest(int type) {
        int start = bytes.position();
        attribute(type | NLA_F_NESTED, 0);
        return start;
    }

    public MessageBuffer endNest(int start) {
        bytes.putShort(start, (short) (bytes.position() - start));
        return this;
    }

    /** Asks for an acknowledgement of the message that was written last. */
    public void acknowledgeLast() {
        int at = starts[count - 1] + FLAGS_OFFSET;
        bytes.putShort(at, (short) (bytes.getShort(at) | NLM_F_ACK));
    }

    /** Number of messages. */
    public int count() {
        return count;
    }

    /** The messages from {@code first} that fit into {@code maxBytes}, at most {@code maxCount}; at least one. */
    int endOfBatch(int first, int maxBytes, int maxCount) {
        int end = first + 1;
        while (end < count && end - first < maxCount && offset(end + 1) - offset(first) <= maxBytes) {
            end++;
        }
        return end;
    }

    /** Copies messages {@code [first, end)} into {@code target}, numbered from {@code sequence}. */
    void copyTo(ByteBuffer target, int first, int end, int sequence) {
        closeMessage();
        for (int i = first; i < end; i++) {
            bytes.putInt(starts[i] + SEQUENCE_OFFSET, sequence + i - first);
        }
        target.put(bytes.array(), offset(first), offset(end) - offset(first));
    }

    /** Length of all messages in bytes. */
    public int size() {
        return bytes.position();
    }

    /** A copy of all that was written. */
    public byte[] toByteArray() {
        closeMessage();
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private int offset(int index) {
        return index < count ? starts[index] : bytes.position();
    }

    private void closeMessage() {
        if (count > 0) {
            int start = starts[count - 1];
            bytes.putInt(start, bytes.position() - start);
        }
    }

    private ByteBuffer attribute(int type, int length) {
        room(ATTRIBUTE_HEADER_BYTES + length + ALIGNMENT_BYTES);
        return bytes.putShort((short) (ATTRIBUTE_HEADER_BYTES + length)).putShort((short) type);
    }

    private MessageBuffer pad() {
        while (bytes.position() % ALIGNMENT_BYTES != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    private void room(int length) {
        if (bytes.remaining() < length) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(bytes.capacity() * 2, bytes.position() + length))
                    .order(ByteOrder.nativeOrder());
            bytes.flip();
            bytes = larger.put(bytes);
        }
    }
}
