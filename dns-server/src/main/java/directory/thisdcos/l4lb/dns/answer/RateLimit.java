package directory.thisdcos.l4lb.dns.answer;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Response rate limiting over UDP, so that forged queries cannot turn us against a third party: a client network (IPv4
 * /24, IPv6 /56) gets so many responses a second, then every {@value #SLIP}nd is cut to TC=1, with which a real client
 * comes back over TCP, and the others are dropped. Never for the machine itself, and not for who has shown a valid server
 * cookie. Of fixed size: two networks that meet in one slot share a budget until one is quiet. For one thread.
 */
final class RateLimit {

    /** What to do with a response. */
    enum Verdict {
        SEND,
        TRUNCATE,
        DROP
    }

    private static final int SLIP = 2;
    private static final int SLOTS = 16_384;
    private static final int V4_PREFIX_OCTETS = 3;
    private static final int V6_PREFIX_OCTETS = 7;
    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private final LongSupplier nanoTime;
    private final long secret;
    private final long[] networks = new long[SLOTS];
    private final int[] left = new int[SLOTS];
    private final long[] filled = new long[SLOTS];

    /** @param perSecond responses to one network in a second; 0 for no limit */
    RateLimit(int perSecond, long secret, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.secret = secret;
        this.nanoTime = nanoTime;
    }

    Verdict take(InetAddress client, boolean known) {
        if (perSecond == 0 || known || client.isLoopbackAddress()) {
            return Verdict.SEND;
        }
        long network = network(client.getAddress());
        int slot = (int) (((network ^ secret) * 0x9e3779b97f4a7c15L) >>> 50);
        long now = nanoTime.getAsLong();
        if (networks[slot] != network && now - filled[slot] > NANOS) {
            networks[slot] = network;
            left[slot] = perSecond;
            filled[slot] = now;
        }
        refill(slot, now);
        left[slot]--;
        if (left[slot] >= 0) {
            return Verdict.SEND;
        }
        return left[slot] % SLIP == 0 ? Verdict.TRUNCATE : Verdict.DROP;
    }

    private void refill(int slot, long now) {
        if (now - filled[slot] >= NANOS) {
            left[slot] = perSecond;
            filled[slot] = now;
        }
    }

    private static long network(byte[] address) {
        int octets = address.length == 4 ? V4_PREFIX_OCTETS : V6_PREFIX_OCTETS;
        long network = octets;
        for (int i = 0; i < octets; i++) {
            network = network << 8 | (address[i] & 0xff);
        }
        return network;
    }
}
