package directory.thisdcos.l4lb.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Queries with the response codes that they should get. */
// Arrays that nobody compares.
@SuppressWarnings("ArrayRecordComponent")
record UdpQueries(byte[][] queries, int[] rcodes) {
    private static final int COUNT = 1 << 16;

    /** 90 % A of existing names below {@code marathon.SUFFIX}, 5 % NXDOMAIN, 5 % NODATA. */
    static UdpQueries of(int names, boolean edns, String suffix) {
        Random random = new Random(7);
        byte[][] queries = new byte[COUNT][];
        int[] rcodes = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            int kind = random.nextInt(20);
            String name = (kind == 0 ? "no" : "svc") + random.nextInt(names) + ".marathon." + suffix;
            queries[i] = query(name, kind == 1 ? 28 : 1, edns);
            rcodes[i] = kind == 0 ? 3 : 0;
        }
        return new UdpQueries(queries, rcodes);
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
            out.put(label.getBytes(StandardCharsets.US_ASCII));
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

    int size() {
        return queries.length;
    }
}
