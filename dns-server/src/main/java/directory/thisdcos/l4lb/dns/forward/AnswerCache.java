package directory.thisdcos.l4lb.dns.forward;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What upstreams have said, bounded by bytes. What does not exist is kept once for all types of the name (RFC 2308 §5,
 * RFC 8020). Safe for every thread.
 */
final class AnswerCache {
    /** RFC 9520 §3.2: a failure must be kept for a second at least, so that retries do not pile up. */
    private static final int FAILURE_SECONDS = 2;

    private final Cache<QuestionKey, CacheEntry> entries;
    private final CacheMetrics metrics;
    private final LongSupplier nanoTime;
    /** What {@link #now} last said: Caffeine asks for the time at each step, and the clock costs as much as the look-up. */
    private volatile long latest;

    AnswerCache(long maxBytes, PrometheusRegistry registry, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.latest = nanoTime.getAsLong();
        CacheMetrics[] made = new CacheMetrics[1];
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((QuestionKey key, CacheEntry entry) -> entry.octets(key))
                .expireAfter(new Keeping())
                .ticker(() -> latest)
                // Its upkeep is short and amortized, and a pool of threads would compete with ours.
                .executor(Runnable::run)
                .evictionListener((key, entry, cause) -> made[0].evicted())
                .build();
        this.metrics = new CacheMetrics(registry, entries);
        made[0] = metrics;
    }

    /** As long as an answer itself says, whoever reads it. */
    private static final class Keeping implements Expiry<QuestionKey, CacheEntry> {
        @Override
        public long expireAfterCreate(QuestionKey key, CacheEntry entry, long now) {
            return entry.keepNanos();
        }

        @Override
        public long expireAfterUpdate(QuestionKey key, CacheEntry entry, long now, long left) {
            return entry.keepNanos();
        }

        @Override
        public long expireAfterRead(QuestionKey key, CacheEntry entry, long now, long left) {
            return left;
        }
    }

    CacheMetrics metrics() {
        return metrics;
    }

    long now() {
        long now = nanoTime.getAsLong();
        latest = now;
        return now;
    }

    /** What is known of the question {@link #now}, fresh if there is anything fresh; {@code key} is not kept. */
    @Nullable CacheEntry find(QuestionKey key, long now) {
        CacheEntry entry = entries.getIfPresent(key);
        if (entry != null && entry.isFresh(now)) {
            return entry;
        }
        int type = key.type();
        key.setType(QuestionKey.NAME_DOES_NOT_EXIST);
        CacheEntry nonexistence = entries.getIfPresent(key);
        key.setType(type);
        return nonexistence != null && nonexistence.isFresh(now) ? nonexistence : entry;
    }

    /** Takes what an upstream said; it replaces what was known, even if it may not be kept itself. */
    void put(QuestionKey key, Answer answer) {
        long now = now();
        boolean nonexistent = answer.rcode() == Rcode.NXDOMAIN.value() && answer.answers() == 0;
        QuestionKey anyType = key.withType(QuestionKey.NAME_DOES_NOT_EXIST);
        QuestionKey target = nonexistent ? anyType : key;
        entries.invalidate(nonexistent ? key : anyType);
        if (answer.lifetimeSeconds() > 0) {
            entries.put(target, new CacheEntry(answer, answer.lifetimeSeconds(), now));
        } else {
            entries.invalidate(target);
        }
    }

    /** Nobody could say anything: data that is only too old stays, else the failure is kept for a moment. */
    void putFailure(QuestionKey key, Answer failure) {
        long now = now();
        entries.asMap().compute(key, (same, before) -> {
            if (before != null && before.mayServeStale()) {
                before.setFailed();
                return before;
            }
            return new CacheEntry(failure, FAILURE_SECONDS, now);
        });
    }

    /** Carries out what is due, such as evictions; for tests and metrics. */
    void cleanUp() {
        entries.cleanUp();
    }
}
