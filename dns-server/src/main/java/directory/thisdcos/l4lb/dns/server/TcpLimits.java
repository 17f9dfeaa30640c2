package directory.thisdcos.l4lb.dns.server;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** How much TCP clients may take. Counts are shared by all threads. */
final class TcpLimits {
    /** An idle connection is closed after this long; announced with RFC 7828. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** RFC 7766 §6.2.3: sooner while there are many, so that idle ones cannot keep others out for long. */
    private static final long CROWDED_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A message that has begun must go on; a client may still send octet by octet. */
    static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    static final long MESSAGE_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** A client that does not read its answers. */
    static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(5);

    static final int MAX_IN_FLIGHT = 128;
    static final int SEND_BUFFER = 128 * 1024;
    static final int WRITE_WATERMARK = 64 * 1024;

    private static final int MAX_CONNECTIONS = 10_000;
    private static final int CROWDED = MAX_CONNECTIONS * 3 / 4;
    private static final int MAX_PER_ADDRESS = 100;

    private final ConcurrentMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final java.util.concurrent.atomic.AtomicInteger total = new java.util.concurrent.atomic.AtomicInteger();

    /** How long a connection may be idle now. */
    long idleNanos() {
        return total.get() > CROWDED ? CROWDED_IDLE_NANOS : IDLE_NANOS;
    }

    /** Admits a connection or not; the machine's own programs share one address and only the total. */
    boolean open(InetAddress client) {
        if (total.incrementAndGet() > MAX_CONNECTIONS) {
            total.decrementAndGet();
            return false;
        }
        if (!client.isLoopbackAddress() && byAddress.merge(client, 1, Integer::sum) > MAX_PER_ADDRESS) {
            closed(client);
            return false;
        }
        return true;
    }

    void closed(InetAddress client) {
        total.decrementAndGet();
        if (!client.isLoopbackAddress()) {
            byAddress.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
        }
    }
}
