package directory.thisdcos.l4lb.netlink;

import static java.nio.charset.StandardCharsets.US_ASCII;

import directory.thisdcos.l4lb.model.Ip;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The attributes of one message or nest, by type. A view into the receive buffer: read it before the next receive.
 * Unknown types are kept and ignored; of two with one type the last counts, as in the kernel's nla_parse.
 */
public final class Attributes {
    private static final int TYPE_MASK = 0x3fff;
    private static final int MAX_TYPE = 63;

    private final ByteBuffer bytes;
    private final int[] starts = new int[MAX_TYPE + 1];
    private final int[] lengths = new int[MAX_TYPE + 1];

    private Attributes(ByteBuffer bytes) {
        this.bytes = bytes;
        Arrays.fill(lengths, -1);
    }

    /** Parses what remains of the buffer. */
    public static Attributes parse(ByteBuffer buffer) throws NetlinkException {
        ByteBuffer bytes = buffer.slice().order(ByteOrder.nativeOrder());
        Attributes attributes = new Attributes(bytes);
        int at = 0;
        while (at + MessageBuffer.ATTRIBUTE_HEADER_BYTES <= bytes.limit()) {
            int length = bytes.getShort(at) & 0xffff;
            int type = bytes.getShort(at + 2) & TYPE_MASK;
            if (length < MessageBuffer.ATTRIBUTE_HEADER_BYTES || at + length > bytes.limit()) {
                throw new NetlinkException(Errno.EPROTO, "an attribute of " + length + " bytes at byte " + at);
            }
            if (type <= MAX_TYPE) {
                attributes.starts[type] = at + MessageBuffer.ATTRIBUTE_HEADER_BYTES;
                attributes.lengths[type] = length - MessageBuffer.ATTRIBUTE_HEADER_BYTES;
            }
            at += align(length);
        }
        return attributes;
    }

    static int align(int length) {
        return (length + MessageBuffer.ALIGNMENT_BYTES - 1) & -MessageBuffer.ALIGNMENT_BYTES;
    }

    public boolean has(int type) {
        return lengths[type] >= 0;
    }

    public int u8(int type) throws NetlinkException {
        return bytes.get(at(type, 1)) & 0xff;
    }

    public int u16(int type) throws NetlinkException {
        return bytes.getShort(at(type, 2)) & 0xffff;
    }

    /** 32 bits as they are; treat as unsigned where the kernel does. */
    public int u32(int type) throws NetlinkException {
        return bytes.getInt(at(type, 4));
    }

    /** {@link #u32}, or {@code absent} without the attribute. */
    public int u32(int type, int absent) throws NetlinkException {
        return has(type) ? u32(type) : absent;
    }

    public long u64(int type) throws NetlinkException {
        return bytes.getLong(at(type, 8));
    }

    public int networkU16(int type) throws NetlinkException {
        int at = at(type, 2);
        return (bytes.get(at) & 0xff) << 8 | (bytes.get(at + 1) & 0xff);
    }

    public int networkU32(int type) throws NetlinkException {
        int at = at(type, 4);
        return ByteBuffer.wrap(copy(at, 4)).getInt();
    }

    /** The first {@code octets} (4 or 16) of an address; the kernel pads IPv4 to 16. */
    public Ip address(int type, int octets) throws NetlinkException {
        return Ip.of(copy(at(type, octets), octets));
    }

    /** Up to the first NUL. */
    public String string(int type) throws NetlinkException {
        int at = at(type, 0);
        byte[] text = copy(at, lengths[type]);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, US_ASCII);
    }

    public Attributes nested(int type) throws NetlinkException {
        return parse(bytes.slice(at(type, 0), lengths[type]));
    }

    /** The members of a list attribute, each a nest of its own, in order; their types do not matter. */
    public List<Attributes> list(int type) throws NetlinkException {
        List<Attributes> members = new ArrayList<>();
        int end = at(type, 0) + lengths[type];
        for (int at = starts[type]; at + MessageBuffer.ATTRIBUTE_HEADER_BYTES <= end; ) {
            int length = bytes.getShort(at) & 0xffff;
            if (length < MessageBuffer.ATTRIBUTE_HEADER_BYTES || at + length > end) {
                throw new NetlinkException(Errno.EPROTO, "a list member of " + length + " bytes at byte " + at);
            }
            members.add(parse(bytes.slice(
                    at + MessageBuffer.ATTRIBUTE_HEADER_BYTES, length - MessageBuffer.ATTRIBUTE_HEADER_BYTES)));
            at += align(length);
        }
        return members;
    }

    /** The bytes as they are. */
    public byte[] bytes(int type) throws NetlinkException {
        return copy(at(type, 0), lengths[type]);
    }

    private int at(int type, int atLeast) throws NetlinkException {
        if (lengths[type] < atLeast) {
            throw new NetlinkException(
                    Errno.EPROTO, "attribute " + type + " has " + lengths[type] + " bytes, not " + atLeast);
        }
        return starts[type];
    }

    private byte[] copy(int at, int length) {
        byte[] copy = new byte[length];
        bytes.get(at, copy);
        return copy;
    }
}
