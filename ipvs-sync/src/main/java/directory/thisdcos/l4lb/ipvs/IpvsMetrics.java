package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.Errno;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What can be seen of the engine from outside. Safe for every thread. */
final class IpvsMetrics {
    private static final double MILLIS_PER_SECOND = 1000.0;

    private final Gauge services;
    private final Gauge destinations;
    private final Gauge draining;
    private final Counter writes;
    private final Counter operations;
    private final Counter errors;
    private final Counter repairs;
    private final Histogram apply;
    private final Gauge lastAudit;
    private final Gauge auditSeconds;
    private final Map<String, Long> operationCounts = new ConcurrentHashMap<>();
    private final Map<String, Long> errorCounts = new ConcurrentHashMap<>();

    IpvsMetrics(PrometheusRegistry registry) {
        services = Gauge.builder()
                .name("l4lb_ipvs_services")
                .help("Virtual services that this host should have in its kernel, without the sentinels")
                .register(registry);
        destinations = Gauge.builder()
                .name("l4lb_ipvs_destinations")
                .help("Destinations of these services")
                .register(registry);
        draining = Gauge.builder()
                .name("l4lb_ipvs_draining_destinations")
                .help("Removed destinations that keep their open connections until these are over")
                .register(registry);
        writes = Counter.builder()
                .name("l4lb_ipvs_writes_total")
                .help("Changes asked of the kernel: IPVS and route messages, sysctls, nftables transactions")
                .register(registry);
        operations = Counter.builder()
                .name("l4lb_ipvs_operations_total")
                .help("Changes of the IPVS table asked of the kernel, by kind")
                .labelNames("kind")
                .register(registry);
        errors = Counter.builder()
                .name("l4lb_ipvs_errors_total")
                .help("Changes that the kernel refused")
                .labelNames("errno")
                .register(registry);
        repairs = Counter.builder()
                .name("l4lb_ipvs_repairs_total")
                .help("Differences from the kernel that audits found and mended")
                .labelNames("kind")
                .register(registry);
        apply = Histogram.builder()
                .name("l4lb_ipvs_apply_seconds")
                .help("Time from a new state to the kernel")
                .classicUpperBounds(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)
                .register(registry);
        lastAudit = Gauge.builder()
                .name("l4lb_ipvs_last_audit_timestamp_seconds")
                .help("When the kernel was last compared with the table")
                .register(registry);
        auditSeconds = Gauge.builder()
                .name("l4lb_ipvs_audit_seconds")
                .help("How long the last comparison with the kernel took, with what it mended")
                .register(registry);
    }

    void table(int serviceCount, int destinationCount) {
        services.set(serviceCount);
        destinations.set(destinationCount);
    }

    void draining(int count) {
        draining.set(count);
    }

    void writes(int count) {
        writes.inc(count);
    }

    long writes() {
        return writes.getLongValue();
    }

    /** Operations on the table; they count as writes too. */
    void operations(Collection<IpvsOp> asked) {
        Map<String, Integer> kinds = new HashMap<>();
        asked.forEach(operation -> kinds.merge(operation.kind(), 1, Integer::sum));
        kinds.forEach((kind, count) -> {
            operations.labelValues(kind).inc(count);
            operationCounts.merge(kind, (long) count, Long::sum);
        });
        writes.inc(asked.size());
    }

    void error(int errno) {
        errors.labelValues(Errno.name(errno)).inc();
        errorCounts.merge(Errno.name(errno), 1L, Long::sum);
    }

    /** Since the start, by kind. */
    Map<String, Long> operationCounts() {
        return new TreeMap<>(operationCounts);
    }

    /** Since the start, by errno. */
    Map<String, Long> errorCounts() {
        return new TreeMap<>(errorCounts);
    }

    void repair(String kind, int count) {
        repairs.labelValues(kind).inc(count);
    }

    void applied(Duration duration) {
        apply.observe(duration.toNanos() / 1e9);
    }

    void audited(AuditReport report) {
        lastAudit.set(report.at().toEpochMilli() / MILLIS_PER_SECOND);
        auditSeconds.set(report.took().toNanos() / 1e9);
    }
}
