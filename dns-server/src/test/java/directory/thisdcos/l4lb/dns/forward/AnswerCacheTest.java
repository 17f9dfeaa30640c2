package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The cache with a clock that the test moves. */
class AnswerCacheTest {
    private static final int A = 1;
    private static final int TXT = 16;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(50);
    private final AnswerCache cache = new AnswerCache(1 << 20, registry, () -> now);

    private static QuestionKey key(String name, int type) {
        return QuestionKey.of(Name.of(name), type);
    }

    private static Answer answer(int rcode, int seconds, int records) {
        return new Answer(
                rcode,
                false,
                false,
                new byte[16 * records],
                new int[records],
                new int[records],
                records,
                new byte[0],
                seconds,
                Optional.empty());
    }

    private static Answer data(int seconds) {
        return answer(Rcode.NOERROR.value(), seconds, 1);
    }

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    private CacheEntry entry(QuestionKey key) {
        return Objects.requireNonNull(cache.find(key, cache.now()));
    }

    private boolean isFresh(QuestionKey key) {
        CacheEntry entry = cache.find(key, cache.now());
        return entry != null && entry.isFresh(now);
    }

    @Test
    void anAnswerLivesAsLongAsItSays() {
        cache.put(key("a.example", A), data(100));
        pass(99);
        assertTrue(isFresh(key("a.example", A)));
        assertEquals(99, entry(key("a.example", A)).ageSeconds(now));
        pass(1);
        assertFalse(isFresh(key("a.example", A)));
        assertTrue(entry(key("a.example", A)).mayServeStale());
        pass(TimeUnit.DAYS.toSeconds(1));
        assertNull(cache.find(key("a.example", A), cache.now()));
    }

    @Test
    void whatDoesNotExistHasNoTypeAndDoesNotOutliveData() {
        cache.put(key("a.example", A), answer(Rcode.NXDOMAIN.value(), 60, 0));
        assertTrue(isFresh(key("a.example", TXT)));
        assertFalse(isFresh(key("b.example", TXT)));
        cache.put(key("a.example", TXT), data(60));
        assertFalse(isFresh(key("a.example", A)));
        cache.put(key("a.example", A), answer(Rcode.NXDOMAIN.value(), 60, 0));
        pass(61);
        assertNull(cache.find(key("a.example", A), cache.now()), "no stale answer of what does not exist");
    }

    @Test
    void whatIsSaidOfOneTypeSaysNothingOfAnother() {
        for (int type : new int[] {0, 2, TXT, 255, 65_535}) {
            cache.put(key("a.example", type), answer(Rcode.NOERROR.value(), 60, 0));
        }
        assertNull(cache.find(key("a.example", A), cache.now()));
    }

    @Test
    void aFailureDoesNotHideOldDataAndNewsDoes() {
        Answer failure = Answer.failure(Rcode.SERVFAIL, ExtendedError.NETWORK_ERROR);
        QuestionKey key = key("a.example", A);
        cache.put(key, data(10));
        pass(11);
        cache.putFailure(key, failure);
        assertTrue(entry(key).mayServeStale());
        assertTrue(entry(key).hasFailed());
        cache.put(key, answer(Rcode.NOERROR.value(), 0, 0));
        assertNull(cache.find(key, cache.now()), "what may not be kept still ends what was known");
        cache.putFailure(key, failure);
        assertTrue(isFresh(key));
        pass(3);
        assertFalse(isFresh(key));
    }

    @Test
    void whatIsInUseIsRenewedOnceBeforeItsEnd() {
        cache.put(key("a.example", A), data(100));
        CacheEntry entry = entry(key("a.example", A));
        assertFalse(entry.isDueWhenUsed(now));
        pass(80);
        assertFalse(entry.isDueWhenUsed(now));
        pass(11);
        assertTrue(entry.isDueWhenUsed(now));
        assertFalse(entry.isDueWhenUsed(now), "one of those who use it renews it");
        pass(6);
        assertTrue(entry.isDueWhenUsed(now), "again if that failed");
        cache.put(key("b.example", A), data(100));
        pass(95);
        assertFalse(entry(key("b.example", A)).isDueWhenUsed(now), "used for the first time");
    }

    @Test
    void staysWithinItsBytes() {
        for (int i = 0; i < 50_000; i++) {
            cache.put(key("n" + i + ".example", A), data(1_000));
        }
        cache.cleanUp();
        double bytes = registry.scrape(name -> name.equals("l4lb_dns_cache_bytes")).stream()
                .map(GaugeSnapshot.class::cast)
                .findFirst()
                .orElseThrow()
                .getDataPoints()
                .get(0)
                .getValue();
        assertTrue(bytes > 0 && bytes <= 1 << 20, "bytes: " + bytes);
        cache.put(key("last.example", A), data(1_000));
        assertNotNull(cache.find(key("last.example", A), cache.now()));
    }
}
