package directory.thisdcos.l4lb.store.codec;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A file of several gzip members, which {@code zcat} shows one after another (RFC 1952, 2.2). Each says in its header's
 * extra field how long it is, so that they can be found, and decompressed side by side, without decompressing what is
 * before them.
 */
final class GzipMembers {
    private static final int HEADER = 10;
    private static final int FLAGS = 3;
    private static final int FEXTRA = 4;
    private static final int TRAILER = 8;
    private static final int BUFFER_BYTES = 16 * 1024;

    /** Of deflate: RFC 1951 has no shorter code for 258 octets than two bits. */
    private static final int BEST_RATIO = 1032;

    /** The extra field: its length, our mark, the length of what follows, the member's length. */
    private static final int EXTRA = 2 + 2 + 2 + 4;

    private static final short MARK = (short) ('L' | '4' << 8);

    private GzipMembers() {}

    /** @param member one without an extra field, as {@link java.util.zip.GZIPOutputStream} makes them */
    static void write(OutputStream out, byte[] member) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER + EXTRA).order(ByteOrder.LITTLE_ENDIAN);
        header.put(member, 0, HEADER).put(FLAGS, (byte) FEXTRA);
        header.putShort((short) (EXTRA - 2)).putShort(MARK).putShort((short) 4).putInt(member.length + EXTRA);
        out.write(header.array());
        out.write(member, HEADER, member.length - HEADER);
    }

    /** The members of a file; all of it as one if the first does not say its length. */
    static List<ByteBuffer> split(byte[] file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (!isMarked(all, 0)) {
            return List.of(all);
        }
        List<ByteBuffer> members = new ArrayList<>();
        for (int at = 0; at < file.length; ) {
            if (!isMarked(all, at)) {
                throw new BadRecordException("no member of a table begins at octet " + at);
            }
            int length = all.getInt(at + HEADER + 6);
            if (length < HEADER + EXTRA || length > file.length - at) {
                throw new EOFException("the file ends within the member at octet " + at);
            }
            members.add(ByteBuffer.wrap(file, at, length));
            at += length;
        }
        return members;
    }

    static InputStream open(ByteBuffer member) {
        return new ByteArrayInputStream(member.array(), member.arrayOffset() + member.position(), member.remaining());
    }

    /** What a single member holds, in an array of the size that the member's end tells (RFC 1952, 2.3.1: ISIZE). */
    static byte[] unzip(ByteBuffer member, int maxBytes) throws IOException {
        if (member.remaining() < HEADER + TRAILER) {
            throw new EOFException("the record ends within its header");
        }
        int size = member.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(member.limit() - Integer.BYTES);
        // What a damaged one tells must not ask for more memory than there can be content.
        if (size < 0 || size > maxBytes || size > (long) BEST_RATIO * member.remaining()) {
            throw new BadRecordException(
                    "the record would be " + Integer.toUnsignedString(size) + " octets long, which "
                            + (size < 0 || size > maxBytes ? "is more than " + maxBytes : "it cannot be"));
        }
        byte[] octets = new byte[size];
        try (GZIPInputStream in = new GZIPInputStream(open(member), BUFFER_BYTES)) {
            if (in.readNBytes(octets, 0, size) < size || in.read() >= 0) {
                throw new BadRecordException("the record is not as long as its end tells");
            }
        }
        return octets;
    }

    private static boolean isMarked(ByteBuffer file, int at) {
        return file.capacity() - at >= HEADER + EXTRA
                && (file.get(at + FLAGS) & FEXTRA) != 0
                && file.getShort(at + HEADER) == EXTRA - 2
                && file.getShort(at + HEADER + 2) == MARK;
    }
}
