package directory.thisdcos.l4lb.ipvs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * Settings of the engine.
 *
 * @param directory where it remembers what it owns; created if missing
 * @param nodeNames by which sources call this node in {@code Backend.node}: its host name and addresses
 * @param auditInterval time between two comparisons with the kernel
 * @param drainLimit the longest that a removed server keeps its open connections; zero removes it at once
 * @param panicPercent when fewer of a service's backends than this are eligible, unhealthy ones get connections too; 0
 *     for never
 * @param kernelTimeout the longest wait for one answer of the kernel
 * @param timeouts of idle connections
 * @param foreign what becomes of services of others inside our pools
 * @param metricServices of so many services the kernel's counters are metrics; 0 for none
 */
public record IpvsSettings(
        IpvsMode mode,
        Path directory,
        Set<String> nodeNames,
        Duration auditInterval,
        Duration drainLimit,
        int panicPercent,
        Duration kernelTimeout,
        Timeouts timeouts,
        ForeignServices foreign,
        int metricServices) {

    private static final Duration DEFAULT_AUDIT_INTERVAL = Duration.ofSeconds(5);
    private static final Duration DEFAULT_DRAIN_LIMIT = Duration.ofSeconds(30);
    private static final int DEFAULT_METRIC_SERVICES = 500;
    private static final int DEFAULT_PANIC_PERCENT = 1;
    private static final Duration DEFAULT_KERNEL_TIMEOUT = Duration.ofSeconds(3);

    public IpvsSettings {
        nodeNames = Set.copyOf(nodeNames);
        if (auditInterval.isNegative() || auditInterval.isZero()) {
            throw new IllegalArgumentException("the audit interval must be longer than 0, not " + auditInterval);
        }
        if (drainLimit.isNegative()) {
            throw new IllegalArgumentException("the drain limit must not be below 0, as " + drainLimit + " is");
        }
        if (panicPercent < 0 || panicPercent > 100) {
            throw new IllegalArgumentException("the panic threshold must be within 0-100 %, not " + panicPercent);
        }
        if (metricServices < 0) {
            throw new IllegalArgumentException("the services with metrics must not be below 0, as " + metricServices);
        }
        if (kernelTimeout.isNegative() || kernelTimeout.isZero()) {
            throw new IllegalArgumentException("the kernel timeout must be longer than 0, not " + kernelTimeout);
        }
    }

    /** With defaults for all else. */
    public static IpvsSettings of(IpvsMode mode, Path directory) {
        return new IpvsSettings(
                mode,
                directory,
                Set.of(),
                DEFAULT_AUDIT_INTERVAL,
                DEFAULT_DRAIN_LIMIT,
                DEFAULT_PANIC_PERCENT,
                DEFAULT_KERNEL_TIMEOUT,
                Timeouts.KERNEL,
                ForeignServices.REPORT,
                DEFAULT_METRIC_SERVICES);
    }

    public IpvsSettings withNodeNames(Set<String> names) {
        return new IpvsSettings(
                mode,
                directory,
                names,
                auditInterval,
                drainLimit,
                panicPercent,
                kernelTimeout,
                timeouts,
                foreign,
                metricServices);
    }

    public IpvsSettings withAuditInterval(Duration interval) {
        return new IpvsSettings(
                mode,
                directory,
                nodeNames,
                interval,
                drainLimit,
                panicPercent,
                kernelTimeout,
                timeouts,
                foreign,
                metricServices);
    }

    public IpvsSettings withDrainLimit(Duration limit) {
        return new IpvsSettings(
                mode,
                directory,
                nodeNames,
                auditInterval,
                limit,
                panicPercent,
                kernelTimeout,
                timeouts,
                foreign,
                metricServices);
    }

    public IpvsSettings withPanicPercent(int percent) {
        return new IpvsSettings(
                mode,
                directory,
                nodeNames,
                auditInterval,
                drainLimit,
                percent,
                kernelTimeout,
                timeouts,
                foreign,
                metricServices);
    }

    public IpvsSettings withTimeouts(Timeouts other) {
        return new IpvsSettings(
                mode,
                directory,
                nodeNames,
                auditInterval,
                drainLimit,
                panicPercent,
                kernelTimeout,
                other,
                foreign,
                metricServices);
    }

    public IpvsSettings withMetricServices(int services) {
        return new IpvsSettings(
                mode,
                directory,
                nodeNames,
                auditInterval,
                drainLimit,
                panicPercent,
                kernelTimeout,
                timeouts,
                foreign,
                services);
    }

    public IpvsSettings withForeign(ForeignServices other) {
        return new IpvsSettings(
                mode,
                directory,
                nodeNames,
                auditInterval,
                drainLimit,
                panicPercent,
                kernelTimeout,
                timeouts,
                other,
                metricServices);
    }
}
