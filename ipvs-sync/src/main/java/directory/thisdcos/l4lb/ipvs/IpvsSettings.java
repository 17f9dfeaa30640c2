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
 * @param kernelTimeout the longest wait for one answer of the kernel
 */
public record IpvsSettings(
        IpvsMode mode, Path directory, Set<String> nodeNames, Duration auditInterval, Duration kernelTimeout) {

    private static final Duration DEFAULT_AUDIT_INTERVAL = Duration.ofSeconds(10);
    private static final Duration DEFAULT_KERNEL_TIMEOUT = Duration.ofSeconds(3);

    public IpvsSettings {
        nodeNames = Set.copyOf(nodeNames);
        if (auditInterval.isNegative() || auditInterval.isZero()) {
            throw new IllegalArgumentException("the audit interval must be longer than 0, not " + auditInterval);
        }
        if (kernelTimeout.isNegative() || kernelTimeout.isZero()) {
            throw new IllegalArgumentException("the kernel timeout must be longer than 0, not " + kernelTimeout);
        }
    }

    /** With defaults for all else. */
    public static IpvsSettings of(IpvsMode mode, Path directory) {
        return new IpvsSettings(mode, directory, Set.of(), DEFAULT_AUDIT_INTERVAL, DEFAULT_KERNEL_TIMEOUT);
    }

    public IpvsSettings withNodeNames(Set<String> names) {
        return new IpvsSettings(mode, directory, names, auditInterval, kernelTimeout);
    }

    public IpvsSettings withAuditInterval(Duration interval) {
        return new IpvsSettings(mode, directory, nodeNames, interval, kernelTimeout);
    }
}
