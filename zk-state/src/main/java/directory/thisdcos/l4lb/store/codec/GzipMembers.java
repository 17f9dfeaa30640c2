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

/**
 * A file of several gzip members, which {@code zcat} shows one after another (RFC 1952, 2.2). Each says in its header's
 * extra field how long it is, so that they can be found, and decompressed side by side, without decompressing what is
 * before them.
 */
final class GzipMembers {
    private static final int HEADER = 10;
    private static final int FLAGS = 3;
    private static final int FEXTRA = 4;

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

    private static boolean isMarked(ByteBuffer file, int at) {
        return file.capacity() - at >= HEADER + EXTRA
                && (file.get(at + FLAGS) & FEXTRA) != 0
                && file.getShort(at + HEADER) == EXTRA - 2
                && file.getShort(at + HEADER + 2) == MARK;
    }
}
