package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.reach.NodeReach;
import directory.thisdcos.l4lb.source.Exclusion;
import directory.thisdcos.l4lb.source.SourceHealth;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The allocator's figures for Prometheus. */
final class AllocatorMetrics {
    private final Gauge allocations;
    private final Gauge services;
    private final Gauge backends;
    private final Gauge poolUsed;
    private final Gauge sourceComplete;
    private final Gauge leader;
    private final Counter commits;
    private final Counter commitFailures;
    private final Histogram planSeconds;
    private final Gauge sourceLink;
    private final Gauge sourceExclusions;
    private final Summary lagSeconds;
    private final Histogram changeSeconds;
    private final Gauge nodeReach;
    private final TableCounts counts;
    private final Pools pools;

    AllocatorMetrics(PrometheusRegistry registry, Pools pools) {
        counts = new TableCounts(pools);
        allocations = gauge(registry, "l4lb_allocations", "Names that hold an address, by status", "status");
        services = gauge(registry, "l4lb_services", "Virtual services in the table");
        backends = gauge(registry, "l4lb_backends", "Backends in the table, by health", "health");
        this.pools = pools;
        Gauge poolSize =
                gauge(registry, "l4lb_pool_size", "Addresses of the pool that names may get", "pool", "family");
        poolUsed = gauge(
                registry,
                "l4lb_pool_used",
                "Addresses of the pool that a name holds or a VIP claims",
                "pool",
                "family");
        Gauge draining =
                gauge(registry, "l4lb_pool_draining", "1 while names get no new addresses here", "pool", "family");
        for (Pool pool : pools.list()) {
            labelled(poolSize, pool).set(pool.allocatable().doubleValue());
            labelled(draining, pool).set(pool.draining() ? 1 : 0);
        }
        sourceComplete = gauge(registry, "l4lb_source_complete", "1 once a source told of everything it has", "source");
        sourceLink = gauge(
                registry,
                "l4lb_source_link",
                "1 for the status of a source's connection: connecting, live, stale",
                "source",
                "status");
        sourceExclusions = gauge(
                registry,
                "l4lb_source_exclusions",
                "Reports of a source that are no backend, by reason; l4lb explain names them",
                "source",
                "reason");
        lagSeconds = Summary.builder()
                .name("l4lb_source_lag_seconds")
                .help("Time from the arrival of a source's news to its place in the table, of the last minutes")
                .labelNames("source")
                .quantile(0.5, 0.02)
                .quantile(0.99, 0.001)
                .register(registry);
        changeSeconds = Histogram.builder()
                .name("l4lb_change_to_table_seconds")
                .help("Time from the arrival of any source's news to its place in the table")
                .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60)
                .register(registry);
        nodeReach = gauge(
                registry,
                "l4lb_node_reach",
                "Nodes by what their witnesses say: reachable, suspected (too few say otherwise), unreachable, kept (too"
                        + " many seem gone)",
                "state");
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

    void nodes(List<NodeReach> nodes) {
        for (NodeReach.State state : NodeReach.State.values()) {
            nodeReach.labelValues(state.name().toLowerCase(Locale.ROOT)).set((double)
                    nodes.stream().filter(node -> node.state() == state).count());
        }
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

    void state(State state) {
        counts.count(state);
        allocations.labelValues(Allocation.Status.ALLOCATED.text()).set(counts.allocated());
        allocations.labelValues(Allocation.Status.QUARANTINED.text()).set(counts.quarantined());
        services.set(counts.services());
        for (Health health : Health.values()) {
            backends.labelValues(health.text()).set(counts.backends(health));
        }
        pools.list().forEach(pool -> labelled(poolUsed, pool).set(counts.used(pool)));
    }

    private static GaugeDataPoint labelled(Gauge gauge, Pool pool) {
        return gauge.labelValues(pool.name(), pool.family().name().toLowerCase(Locale.ROOT));
    }

    /** A source's news is in the table, so long after it came. */
    void reached(String source, long nanos) {
        lagSeconds.labelValues(source).observe(nanos / 1e9);
        changeSeconds.observe(nanos / 1e9);
    }

    void exclusions(String source, Map<Exclusion.Reason, Integer> byReason) {
        byReason.forEach((reason, count) ->
                sourceExclusions.labelValues(source, reason.text()).set(count));
    }

    void link(String source, SourceHealth.Status status) {
        for (SourceHealth.Status each : SourceHealth.Status.values()) {
            sourceLink.labelValues(source, each.name().toLowerCase(Locale.ROOT)).set(each == status ? 1 : 0);
        }
    }
}
