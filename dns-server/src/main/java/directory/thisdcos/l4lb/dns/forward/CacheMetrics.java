package directory.thisdcos.l4lb.dns.forward;

import com.github.benmanes.caffeine.cache.Cache;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** How the cache of forwarded answers does. */
final class CacheMetrics {
    private final CounterDataPoint hits;
    private final CounterDataPoint misses;
    private final CounterDataPoint stale;
    private final Counter prefetches;
    private final Counter evictions;

    CacheMetrics(PrometheusRegistry registry, Cache<QuestionKey, CacheEntry> entries) {
        Counter lookups = Counter.builder()
                .name("l4lb_dns_cache_lookups_total")
                .help("Forwarded queries by what the cache had: hit, miss, or stale (served after its time)")
                .labelNames("result")
                .withoutExemplars()
                .register(registry);
        hits = lookups.labelValues("hit");
        misses = lookups.labelValues("miss");
        stale = lookups.labelValues("stale");
        prefetches = Counter.builder()
                .name("l4lb_dns_cache_prefetches_total")
                .help("Answers that were renewed before their end because they are in use")
                .register(registry);
        evictions = Counter.builder()
                .name("l4lb_dns_cache_evictions_total")
                .help("Answers that were dropped, for their age or for want of room")
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_dns_cache_entries")
                .help("Answers in the cache")
                .callback(callback -> callback.call((double) entries.estimatedSize()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_dns_cache_bytes")
                .help("Octets that the cache takes, about")
                .callback(callback -> entries.policy()
                        .eviction()
                        .ifPresent(policy ->
                                callback.call((double) policy.weightedSize().orElse(0))))
                .register(registry);
    }

    void hit() {
        hits.inc();
    }

    void missed() {
        misses.inc();
    }

    void servedStale() {
        stale.inc();
    }

    void prefetched() {
        prefetches.inc();
    }

    void evicted() {
        evictions.inc();
    }
}
