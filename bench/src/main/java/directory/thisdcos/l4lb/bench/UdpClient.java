package directory.thisdcos.l4lb.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.annotations.In;

/**
 * One socket with its messages; a query has a slot, and its id is the slot and a generation. Queries of the same length leave
 * as one packet that the kernel takes apart at the server's socket (UDP_SEGMENT, since Linux 4.18): otherwise this side would
 * be what saturates. The server sees no difference. For one thread.
 */
final class UdpClient implements AutoCloseable {
    /** Queries under way at most. */
    static final int WINDOW = 24;

    private static final int DATA = 1_280;
    private static final int HEADER = 64;
    private static final int IOVEC = 16;
    private static final int MSG_DONTWAIT = 0x40;
    /** A cmsghdr with the length of a segment, padded. */
    private static final int CONTROL = 24;

    private static final int CONTROL_USED = 18;
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;

    /** Where a mmsghdr tells the length of what was received. */
    private static final int LENGTH = 56;

    /** Public because the class that jnr-ffi generates lives in a class loader of its own. */
    public interface Calls {
        @IgnoreError
        int socket(int domain, int type, int protocol);

        @IgnoreError
        int connect(int fd, @In byte[] address, int length);

        @IgnoreError
        int recvmmsg(int fd, long messages, int count, int flags, long timeout);

        @IgnoreError
        int sendmmsg(int fd, long messages, int count, int flags);

        @IgnoreError
        int close(int fd);
    }

    private static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");

    private final UdpQueries queries;
    private final Random random;
    private final int fd;
    // Slots below WINDOW receive, those above send.
    private final ByteBuffer memory = ByteBuffer.allocateDirect(WINDOW * 2 * (HEADER + IOVEC + CONTROL + DATA))
            .order(ByteOrder.LITTLE_ENDIAN);
    private final long address = Pointer.wrap(Runtime.getRuntime(CALLS), memory).address();
    private final long[] sentAt = new long[WINDOW];
    private final int[] ids = new int[WINDOW];
    private final int[] expected = new int[WINDOW];
    private final boolean[] awaited = new boolean[WINDOW];
    /** Of what is to be sent, in octets; 0 once it has its place in a packet. */
    private final int[] lengths = new int[WINDOW];

    UdpClient(int port, UdpQueries queries, Random random) {
        this.queries = queries;
        this.random = random;
        fd = CALLS.socket(2, 2, 0);
        byte[] name = {2, 0, (byte) (port >>> 8), (byte) port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
        if (CALLS.connect(fd, name, name.length) != 0) {
            throw new IllegalStateException("no socket");
        }
        for (int i = 0; i < 2 * WINDOW; i++) {
            memory.putLong(header(i) + 16, address + iovec(i));
            memory.putLong(header(i) + 24, 1);
            memory.putLong(iovec(i), address + data(i));
            memory.putLong(iovec(i) + 8, DATA);
            memory.putLong(control(i), CONTROL_USED);
            memory.putInt(control(i) + 8, SOL_UDP);
            memory.putInt(control(i) + 12, UDP_SEGMENT);
        }
    }

    private static int header(int slot) {
        return slot * HEADER;
    }

    private static int iovec(int slot) {
        return 2 * WINDOW * HEADER + slot * IOVEC;
    }

    private static int control(int slot) {
        return 2 * WINDOW * (HEADER + IOVEC) + slot * CONTROL;
    }

    private static int data(int slot) {
        return 2 * WINDOW * (HEADER + IOVEC + CONTROL) + slot * DATA;
    }

    /** Puts the next query of a slot at a position of what {@link #send} sends; its time counts from {@code since}. */
    void prepare(int position, int slot, long since) {
        int index = random.nextInt(queries.size());
        byte[] query = queries.queries()[index];
        int id = ids[slot] + WINDOW & 0xffff;
        // Keeps the slot readable from the id whatever the generation.
        ids[slot] = id - id % WINDOW + slot & 0xffff;
        expected[slot] = queries.rcodes()[index];
        sentAt[slot] = since;
        awaited[slot] = true;
        int at = data(WINDOW + position);
        memory.put(at, query);
        memory.put(at, (byte) (ids[slot] >>> 8));
        memory.put(at + 1, (byte) ids[slot]);
        lengths[position] = query.length;
    }

    void send(int count) {
        int packets = 0;
        int placed = 0;
        for (int i = 0; i < count; i++) {
            int length = lengths[i];
            if (length == 0) {
                continue;
            }
            int first = placed;
            for (int j = i; j < count; j++) {
                if (lengths[j] == length) {
                    memory.putLong(iovec(WINDOW + placed), address + data(WINDOW + j));
                    memory.putLong(iovec(WINDOW + placed) + 8, length);
                    lengths[j] = 0;
                    placed++;
                }
            }
            packet(WINDOW + packets, WINDOW + first, placed - first, length);
            packets++;
        }
        int done = 0;
        while (done < packets) {
            int sent = CALLS.sendmmsg(fd, address + header(WINDOW + done), packets - done, 0);
            done += Math.max(sent, 0);
        }
    }

    private void packet(int slot, int firstIovec, int count, int length) {
        memory.putLong(header(slot) + 16, address + iovec(firstIovec));
        memory.putLong(header(slot) + 24, count);
        memory.putLong(header(slot) + 32, count > 1 ? address + control(slot) : 0);
        memory.putLong(header(slot) + 40, count > 1 ? CONTROL : 0);
        memory.putShort(control(slot) + 16, (short) length);
    }

    /** How many answers were there; none if not positive. */
    int receive() {
        return CALLS.recvmmsg(fd, address, WINDOW, MSG_DONTWAIT, 0);
    }

    /** The slot that an answer is for, or -1 if it comes too late. */
    int slot(int position) {
        int at = data(position);
        int id = (memory.get(at) & 0xff) << 8 | (memory.get(at + 1) & 0xff);
        int slot = id % WINDOW;
        return awaited[slot] && ids[slot] == id ? slot : -1;
    }

    /** The slot's query is forgotten: an answer that comes nevertheless is too late. */
    void forget(int slot) {
        awaited[slot] = false;
    }

    long sentAt(int slot) {
        return sentAt[slot];
    }

    boolean isRight(int position, int slot) {
        return (memory.get(data(position) + 3) & 0xf) == expected[slot];
    }

    String show(int position, int slot) {
        byte[] answer = new byte[memory.getInt(header(position) + LENGTH)];
        memory.get(data(position), answer);
        return "not rcode " + expected[slot] + ": " + HexFormat.of().formatHex(answer);
    }

    @Override
    public void close() {
        CALLS.close(fd);
    }
}
