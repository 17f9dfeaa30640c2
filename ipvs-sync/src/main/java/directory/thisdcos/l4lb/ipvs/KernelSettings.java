package directory.thisdcos.l4lb.ipvs;

import java.util.List;

/**
 * What is seldom changed of the kernel's side.
 *
 * @param timeouts of idle connections
 * @param foreign what becomes of services of others inside our pools
 * @param daemons connection-sync daemons, at most one of each role
 * @param metricServices of so many services the kernel's counters are metrics; 0 for none
 * @param namespaces of containers that get the table too
 * @param cost what services may cost
 */
public record KernelSettings(
        Timeouts timeouts,
        ForeignServices foreign,
        List<SyncDaemon> daemons,
        int metricServices,
        NamespaceSources namespaces,
        KernelCost cost) {
    public static final KernelSettings DEFAULT =
            new KernelSettings(Timeouts.KERNEL, ForeignServices.REPORT, List.of(), 500, NamespaceSources.NONE);

    /** At the default cost. */
    public KernelSettings(
            Timeouts timeouts,
            ForeignServices foreign,
            List<SyncDaemon> daemons,
            int metricServices,
            NamespaceSources namespaces) {
        this(timeouts, foreign, daemons, metricServices, namespaces, KernelCost.DEFAULT);
    }

    public KernelSettings withCost(KernelCost other) {
        return new KernelSettings(timeouts, foreign, daemons, metricServices, namespaces, other);
    }

    /** Without daemons and namespaces. */
    public KernelSettings(Timeouts timeouts, ForeignServices foreign, int metricServices) {
        this(timeouts, foreign, List.of(), metricServices, NamespaceSources.NONE);
    }

    public KernelSettings {
        daemons = List.copyOf(daemons);
        if (daemons.stream().map(SyncDaemon::role).distinct().count() < daemons.size()) {
            throw new IllegalArgumentException("the kernel runs one sync daemon of each role, not two: " + daemons);
        }
        if (metricServices < 0) {
            throw new IllegalArgumentException("services with metrics must not be below 0, as " + metricServices);
        }
    }
}
