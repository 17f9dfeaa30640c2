package directory.thisdcos.l4lb.store;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what one connection asks of ZooKeeper, by kind (org.apache.zookeeper.ZooDefs.OpCode): each request is a length of
 * four octets, then xid and kind of four octets each; the first on a connection is the session's.
 */
final class RequestCounter {
    private static final int HEADER_OCTETS = 12;

    private final Map<String, Integer> counts;
    private final byte[] header = new byte[HEADER_OCTETS];
    private int headerLength;
    private long bodyLeft;
    private boolean first = true;

    /** @param counts by kind, shared with other connections; pings are left out */
    RequestCounter(Map<String, Integer> counts) {
        this.counts = counts;
    }

    static Map<String, Integer> newCounts() {
        return new TreeMap<>();
    }

    void feed(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bodyLeft > 0) {
                int skipped = (int) Math.min(bodyLeft, length - i);
                bodyLeft -= skipped;
                i += skipped - 1;
                continue;
            }
            header[headerLength++] = bytes[i];
            if (headerLength == HEADER_OCTETS) {
                headerLength = 0;
                bodyLeft = number(0) + 4L - HEADER_OCTETS;
                count(first ? "connect" : kind(number(8)));
                first = false;
            }
        }
    }

    private int number(int at) {
        return ByteBuffer.wrap(header).getInt(at);
    }

    private void count(String kind) {
        if (!kind.equals("ping")) {
            synchronized (counts) {
                counts.merge(kind, 1, Integer::sum);
            }
        }
    }

    private static String kind(int code) {
        return switch (code) {
            case 1 -> "create";
            case 2 -> "delete";
            case 3 -> "exists";
            case 4 -> "getData";
            case 5 -> "setData";
            case 8 -> "getChildren";
            case 9 -> "sync";
            case 11 -> "ping";
            case 14 -> "multi";
            case 101 -> "setWatches";
            case -11 -> "close";
            default -> "other " + code;
        };
    }
}
