package directory.thisdcos.l4lb.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.annotations.In;

/**
 * A DNS load generator of one thread: keeps a fixed number of queries under way from several sockets, in batches, and
 * checks the id and the response code of every answer. Two system calls for a batch, so that it is not what saturates.
 */
final class UdpLoad {
    private static final int SOCKETS = 8;
    private static final int WINDOW = 24;
    private static final int DATA = 1_280;
    private static final int HEADER = 64;
    private static final int IOVEC = 16;
    private static final int QUERIES = 1 << 16;
    private static final int MSG_DONTWAIT = 0x40;
    private static final long LOST_NANOS = 200_000_000;
    private static final int BUCKETS = 20_000;
    /** Where a mmsghdr tells the length of what was received. */
    private static final int LENGTH = 56;

    private static final int MAX_SHOWN = 3;

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

    /**
     * What a run has shown.
     *
     * @param perSecond answers per second
     * @param p50 and p99, in microseconds
     */
    record Result(double perSecond, long answers, long lost, long wrong, int p50, int p99) {}

    private static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");

    private final byte[][] queries;
    private final int[] rcodes;
    private final Random random = new Random(1);

    private UdpLoad(byte[][] queries, int[] rcodes) {
        this.queries = queries;
        this.rcodes = rcodes;
    }

    /** 90 % A of existing names below {@code marathon.SUFFIX}, 5 % NXDOMAIN, 5 % NODATA. */
    static UdpLoad of(int names, boolean edns, String suffix) {
        Random random = new Random(7);
        byte[][] queries = new byte[QUERIES][];
        int[] rcodes = new int[QUERIES];
        for (int i = 0; i < QUERIES; i++) {
            int kind = random.nextInt(20);
            String name = (kind == 0 ? "no" : "svc") + random.nextInt(names) + ".marathon." + suffix;
            queries[i] = query(name, kind == 1 ? 28 : 1, edns);
            rcodes[i] = kind == 0 ? 3 : 0;
        }
        return new UdpLoad(queries, rcodes);
    }

    private static byte[] query(String name, int type, boolean edns) {
        ByteBuffer out = ByteBuffer.allocate(512);
        // RD: without it a name outside the server's zones is REFUSED, whatever the cache holds.
        out.putShort((short) 0)
                .putShort((short) 0x0100)
                .putShort((short) 1)
                .putInt(0)
                .putShort((short) (edns ? 1 : 0));
        for (String label : name.split("\\.", -1)) {
            out.put((byte) label.length());
            out.put(label.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        out.put((byte) 0).putShort((short) type).putShort((short) 1);
        if (edns) {
            out.put((byte) 0)
                    .putShort((short) 41)
                    .putShort((short) 1232)
                    .putInt(0)
                    .putShort((short) 0);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** One socket with its messages; the id of a query is its slot and a generation. */
    private final class Client {
        private final int fd;
        private final ByteBuffer memory =
                ByteBuffer.allocateDirect(WINDOW * 2 * (HEADER + IOVEC + DATA)).order(ByteOrder.LITTLE_ENDIAN);
        private final long address =
                Pointer.wrap(Runtime.getRuntime(CALLS), memory).address();
        private final long[] sentAt = new long[WINDOW];
        private final int[] ids = new int[WINDOW];
        private final int[] expected = new int[WINDOW];
        private long heardAt = System.nanoTime();

        Client(int port) {
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
            }
        }

        // Slots below WINDOW receive, those above send.
        private int header(int slot) {
            return slot * HEADER;
        }

        private int iovec(int slot) {
            return 2 * WINDOW * HEADER + slot * IOVEC;
        }

        private int data(int slot) {
            return 2 * WINDOW * (HEADER + IOVEC) + slot * DATA;
        }

        private void prepare(int position, int slot, long now) {
            int index = random.nextInt(QUERIES);
            byte[] query = queries[index];
            int id = ids[slot] + WINDOW & 0xffff;
            // Keeps the slot readable from the id whatever the generation.
            ids[slot] = id - id % WINDOW + slot & 0xffff;
            expected[slot] = rcodes[index];
            sentAt[slot] = now;
            int at = data(WINDOW + position);
            memory.put(at, query);
            memory.put(at, (byte) (ids[slot] >>> 8));
            memory.put(at + 1, (byte) ids[slot]);
            memory.putLong(iovec(WINDOW + position) + 8, query.length);
        }

        private void send(int count) {
            int done = 0;
            while (done < count) {
                int sent = CALLS.sendmmsg(fd, address + header(WINDOW + done), count - done, 0);
                done += Math.max(sent, 0);
            }
        }

        void fill() {
            long now = System.nanoTime();
            for (int slot = 0; slot < WINDOW; slot++) {
                prepare(slot, slot, now);
            }
            send(WINDOW);
            heardAt = now;
        }

        int receive() {
            return CALLS.recvmmsg(fd, address, WINDOW, MSG_DONTWAIT, 0);
        }
    }

    private long answers;
    private long lost;
    private long wrong;
    private final int[] histogram = new int[BUCKETS];

    Result run(int port, long nanos) {
        answers = 0;
        lost = 0;
        wrong = 0;
        Arrays.fill(histogram, 0);
        Client[] clients = new Client[SOCKETS];
        for (int i = 0; i < SOCKETS; i++) {
            clients[i] = new Client(port);
            clients[i].fill();
        }
        long began = System.nanoTime();
        long end = began + nanos;
        long now = began;
        while (now < end) {
            for (Client client : clients) {
                turn(client);
            }
            now = System.nanoTime();
        }
        for (Client client : clients) {
            CALLS.close(client.fd);
        }
        return new Result(answers / ((now - began) / 1e9), answers, lost, wrong, percentile(0.5), percentile(0.99));
    }

    private void turn(Client client) {
        int received = client.receive();
        long now = System.nanoTime();
        if (received <= 0) {
            if (now - client.heardAt > LOST_NANOS) {
                lost += WINDOW;
                client.fill();
            }
            return;
        }
        client.heardAt = now;
        int refilled = 0;
        for (int i = 0; i < received; i++) {
            int at = client.data(i);
            int id = (client.memory.get(at) & 0xff) << 8 | (client.memory.get(at + 1) & 0xff);
            int slot = id % WINDOW;
            if (client.ids[slot] != id) {
                continue;
            }
            if ((client.memory.get(at + 3) & 0xf) != client.expected[slot] && wrong++ < MAX_SHOWN) {
                show(client, i, slot);
            }
            answers++;
            int micros = (int) ((now - client.sentAt[slot]) / 1_000);
            histogram[Math.min(micros, BUCKETS - 1)]++;
            client.prepare(refilled++, slot, now);
        }
        client.send(refilled);
    }

    private static void show(Client client, int position, int slot) {
        byte[] answer = new byte[client.memory.getInt(client.header(position) + LENGTH)];
        client.memory.get(client.data(position), answer);
        System.err.println("wrong: not rcode " + client.expected[slot] + ": "
                + HexFormat.of().formatHex(answer));
    }

    private int percentile(double share) {
        long rank = (long) (answers * share);
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += histogram[i];
            if (seen > rank) {
                return i;
            }
        }
        return BUCKETS;
    }
}
