package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Rcode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** An answer with its age. The marks are for every thread; all else is immutable. */
final class CacheEntry {
    /** RFC 8767 §5: how long data may be used after its time, while nobody can be asked. */
    private static final long MAX_STALE_NANOS = TimeUnit.DAYS.toNanos(1);
    /** How often upstreams are asked again for what is stale. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** What is asked for again in the last tenth of its life is renewed before it ends. */
    private static final int PREFETCH_PART = 10;

    private static final int MIN_PREFETCH_SECONDS = 10;
    private static final int OVERHEAD_OCTETS = 250;

    private final Answer answer;
    private final long storedNanos;
    private final long lifetimeNanos;
    private final AtomicLong refreshAllowedAt;
    private volatile boolean failed;
    private volatile boolean used;

    CacheEntry(Answer answer, int lifetimeSeconds, long nowNanos) {
        this.answer = answer;
        this.storedNanos = nowNanos;
        this.lifetimeNanos = TimeUnit.SECONDS.toNanos(lifetimeSeconds);
        this.refreshAllowedAt = new AtomicLong(nowNanos);
    }

    Answer answer() {
        return answer;
    }

    boolean isFresh(long nowNanos) {
        return nowNanos - storedNanos < lifetimeNanos;
    }

    long ageSeconds(long nowNanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nowNanos - storedNanos);
    }

    /** Only data: an old "does not exist" says nothing, and may hide what has come since. */
    boolean mayServeStale() {
        return answer.rcode() == Rcode.NOERROR.value() && answer.answers() > 0;
    }

    /** Notes a use; true if the entry should be renewed now, by the caller. */
    boolean isDueWhenUsed(long nowNanos) {
        boolean again = used;
        if (!again) {
            used = true;
        }
        long left = lifetimeNanos - (nowNanos - storedNanos);
        return again
                && left < lifetimeNanos / PREFETCH_PART
                && lifetimeNanos >= TimeUnit.SECONDS.toNanos(MIN_PREFETCH_SECONDS)
                && tryRefresh(nowNanos);
    }

    /** Whether the caller may ask upstreams again; true for one caller in a while. */
    boolean tryRefresh(long nowNanos) {
        long allowedAt = refreshAllowedAt.get();
        return nowNanos - allowedAt >= 0 && refreshAllowedAt.compareAndSet(allowedAt, nowNanos + RETRY_NANOS);
    }

    /** Nobody could be asked when it was needed. */
    void setFailed() {
        failed = true;
    }

    boolean hasFailed() {
        return failed;
    }

    /** How long to keep it at all. */
    long keepNanos() {
        return lifetimeNanos + (mayServeStale() ? MAX_STALE_NANOS : 0);
    }

    /** About what it takes in memory, its key included. */
    int octets(QuestionKey key) {
        return OVERHEAD_OCTETS
                + key.octets()
                + answer.records().length
                + 4 * (answer.ends().length + answer.ttls().length)
                + answer.extendedError().length;
    }
}
