package directory.thisdcos.l4lb.dns.answer;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Response rate limiting over UDP, so that forged queries cannot turn us against a third party: a client network (IPv4
 * /24, IPv6 /56) gets so many responses in a second, then every {@value #SLIP}nd is cut to TC=1, with which a real client
 * comes back over TCP, and the others are dropped. Never for the machine itself, and not for who has shown a valid server
 * cookie. Of fixed size: two networks that meet in one slot share a budget. Safe for every thread.
 */
public final class RateLimit {

    /** What to do with a response. */
    enum Verdict {
        SEND,
        TRUNCATE,
        DROP
    }

    private static final int SLIP = 2;
    private static final int SLOT_BITS = 14;
    private static final int V4_PREFIX_OCTETS = 3;
    private static final int V6_PREFIX_OCTETS = 7;
    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private final LongSupplier nanoTime;
    /** So that nobody can choose networks that meet. */
    private final long secret = new SecureRandom().nextLong();
    /** The second (32 bits) in which a slot was last used, and how often in it (32 bits). */
    private final AtomicLongArray slots = new AtomicLongArray(1 << SLOT_BITS);

    /** @param perSecond responses to one network in a second; 0 for no limit */
    public RateLimit(int perSecond) {
        this(perSecond, System::nanoTime);
    }

    RateLimit(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
    }

    Verdict take(InetAddress client, boolean known) {
        if (perSecond == 0 || known || client.isLoopbackAddress()) {
            return Verdict.SEND;
        }
        long network = network(client.getAddress());
        int slot = (int) (((network ^ secret) * 0x9e3779b97f4a7c15L) >>> (Long.SIZE - SLOT_BITS));
        int beyond = used(slot, (int) (nanoTime.getAsLong() / NANOS)) - perSecond;
        if (beyond <= 0) {
            return Verdict.SEND;
        }
        return beyond % SLIP == 0 ? Verdict.TRUNCATE : Verdict.DROP;
    }

    /** How often a slot was used in this second, this time included. */
    private int used(int slot, int second) {
        while (true) {
            long before = slots.get(slot);
            int used = (int) (before >>> Integer.SIZE) == second ? (int) before + 1 : 1;
            if (slots.compareAndSet(slot, before, (long) second << Integer.SIZE | used)) {
                return used;
            }
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
