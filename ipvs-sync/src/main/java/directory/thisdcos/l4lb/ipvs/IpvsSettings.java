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
 * @param panicPercent when fewer of a service's backends than this are eligible, unhealthy ones get connections too; 0
 *     for never
 * @param kernelTimeout the longest wait for one answer of the kernel
 * @param local what this node makes of a service by itself
 */
public record IpvsSettings(
        IpvsMode mode,
        Path directory,
        Set<String> nodeNames,
        Duration auditInterval,
        DrainLimits drain,
        int panicPercent,
        Duration kernelTimeout,
        KernelSettings kernel,
        LocalView local) {

    private static final Duration DEFAULT_AUDIT_INTERVAL = Duration.ofSeconds(5);
    private static final int DEFAULT_PANIC_PERCENT = 1;
    private static final Duration DEFAULT_KERNEL_TIMEOUT = Duration.ofSeconds(3);

    public IpvsSettings {
        nodeNames = Set.copyOf(nodeNames);
        if (auditInterval.isNegative() || auditInterval.isZero()) {
            throw new IllegalArgumentException("the audit interval must be longer than 0, not " + auditInterval);
        }
        if (panicPercent < 0 || panicPercent > 100) {
            throw new IllegalArgumentException("the panic threshold must be within 0-100 %, not " + panicPercent);
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
                DrainLimits.DEFAULT,
                DEFAULT_PANIC_PERCENT,
                DEFAULT_KERNEL_TIMEOUT,
                KernelSettings.DEFAULT,
                LocalView.NONE);
    }

    IpvsSettings withDirectory(Path other) {
        return new IpvsSettings(
                mode, other, nodeNames, auditInterval, drain, panicPercent, kernelTimeout, kernel, local);
    }

    public IpvsSettings withNodeNames(Set<String> names) {
        return new IpvsSettings(
                mode, directory, names, auditInterval, drain, panicPercent, kernelTimeout, kernel, local);
    }

    public IpvsSettings withAuditInterval(Duration interval) {
        return new IpvsSettings(
                mode, directory, nodeNames, interval, drain, panicPercent, kernelTimeout, kernel, local);
    }

    /** Connections drain for so long, and UDP for its default, or less. */
    public IpvsSettings withDrainLimit(Duration limit) {
        return withDrain(new DrainLimits(limit, DrainLimits.DEFAULT.udp()));
    }

    public IpvsSettings withDrain(DrainLimits limits) {
        return new IpvsSettings(
                mode, directory, nodeNames, auditInterval, limits, panicPercent, kernelTimeout, kernel, local);
    }

    public IpvsSettings withPanicPercent(int percent) {
        return new IpvsSettings(
                mode, directory, nodeNames, auditInterval, drain, percent, kernelTimeout, kernel, local);
    }

    public IpvsSettings withKernel(KernelSettings settings) {
        return new IpvsSettings(
                mode, directory, nodeNames, auditInterval, drain, panicPercent, kernelTimeout, settings, local);
    }

    public IpvsSettings withLocalView(LocalView view) {
        return new IpvsSettings(
                mode, directory, nodeNames, auditInterval, drain, panicPercent, kernelTimeout, kernel, view);
    }
}
