package directory.thisdcos.l4lb.ipvs;

/**
 * What is seldom changed of the kernel's side.
 *
 * @param timeouts of idle connections
 * @param foreign what becomes of services of others inside our pools
 * @param metricServices of so many services the kernel's counters are metrics; 0 for none
 */
public record KernelSettings(Timeouts timeouts, ForeignServices foreign, int metricServices) {
    public static final KernelSettings DEFAULT = new KernelSettings(Timeouts.KERNEL, ForeignServices.REPORT, 500);

    public KernelSettings {
        if (metricServices < 0) {
            throw new IllegalArgumentException("services with metrics must not be below 0, as " + metricServices);
        }
    }
}
