package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.Map;

/** The allocator's figures for Prometheus. */
final class AllocatorMetrics {
    private final Gauge allocations;
    private final Gauge services;
    private final Gauge backends;
    private final Gauge poolSize;
    private final Gauge poolUsed;
    private final Gauge sourceComplete;
    private final Gauge leader;
    private final Counter commits;
    private final Counter commitFailures;
    private final Histogram planSeconds;

    AllocatorMetrics(PrometheusRegistry registry) {
        allocations = gauge(registry, "l4lb_allocations", "Names that hold an address, by status", "status");
        services = gauge(registry, "l4lb_services", "Virtual services in the table");
        backends = gauge(registry, "l4lb_backends", "Backends in the table, by health", "health");
        poolSize = gauge(registry, "l4lb_pool_size", "Addresses in the pool", "family");
        poolUsed =
                gauge(registry, "l4lb_pool_used", "Addresses of the pool that a name holds or a VIP claims", "family");
        sourceComplete = gauge(registry, "l4lb_source_complete", "1 once a source told of everything it has", "source");
        leader = gauge(registry, "l4lb_leader", "1 while this process writes the table");
        commits = Counter.builder()
                .name("l4lb_commits_total")
                .help("Plans committed to the table")
                .register(registry);
        commitFailures = Counter.builder()
                .name("l4lb_commit_failures_total")
                .help("Commits that failed, by reason")
                .labelNames("reason")
                .register(registry);
        planSeconds = Histogram.builder()
                .name("l4lb_plan_duration_seconds")
                .help("Time to compare what should be with the table")
                .register(registry);
    }

    private static Gauge gauge(PrometheusRegistry registry, String name, String help, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    void leading(boolean isLeading) {
        leader.set(isLeading ? 1 : 0);
    }

    void planned(long nanos) {
        planSeconds.observe(nanos / 1e9);
    }

    void committed() {
        commits.inc();
    }

    void failed(String reason) {
        commitFailures.labelValues(reason).inc();
    }

    void source(String id, boolean isComplete) {
        sourceComplete.labelValues(id).set(isComplete ? 1 : 0);
    }

    void state(State state, Pools pools) {
        Counts counts = new Counts(pools);
        state.vips().forEach(counts::add);
        allocations.labelValues(Allocation.Status.ALLOCATED.text()).set(counts.allocated);
        allocations.labelValues(Allocation.Status.QUARANTINED.text()).set(counts.quarantined);
        services.set(counts.services);
        for (Health health : Health.values()) {
            backends.labelValues(health.text()).set(counts.byHealth.getOrDefault(health, 0));
        }
        poolSize.labelValues("v4").set(pools.v4().size().doubleValue());
        poolSize.labelValues("v6").set(pools.v6().size().doubleValue());
        poolUsed.labelValues("v4").set(counts.used4);
        poolUsed.labelValues("v6").set(counts.used6);
    }

    private static final class Counts {
        private final Pools pools;
        private final Map<Health, Integer> byHealth = new EnumMap<>(Health.class);
        private int allocated;
        private int quarantined;
        private int services;
        private int used4;
        private int used6;

        Counts(Pools pools) {
            this.pools = pools;
        }

        void add(Vip vip) {
            if (vip.allocation().isPresent()) {
                if (vip.allocation().get().isAllocated()) {
                    allocated++;
                } else {
                    quarantined++;
                }
            }
            for (Ip ip : vip.addresses()) {
                used4 += pools.v4().contains(ip) ? 1 : 0;
                used6 += pools.v6().contains(ip) ? 1 : 0;
            }
            services += vip.services().size();
            for (VirtualService service : vip.services()) {
                service.backends().values().forEach(backend -> byHealth.merge(backend.health(), 1, Integer::sum));
            }
        }
    }
}
