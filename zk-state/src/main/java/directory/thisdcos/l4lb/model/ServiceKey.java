package directory.thisdcos.l4lb.model;

import java.util.Comparator;

/**
 * What identifies a virtual service: target, protocol and port (1 to 65535, or {@link #ALL_PORTS}: those that no other
 * service of the target has).
 */
public record ServiceKey(Target target, Protocol protocol, int port) implements Comparable<ServiceKey> {

    private static final Comparator<ServiceKey> ORDER = Comparator.comparing(ServiceKey::target)
            .thenComparing(ServiceKey::protocol)
            .thenComparingInt(ServiceKey::port);

    /** As the kernel writes it. */
    public static final int ALL_PORTS = 0;

    public ServiceKey {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not within 0-65535");
        }
    }

    /** Whether a client may use any port, and meets the backend at the same one. */
    public boolean hasAllPorts() {
        return port == ALL_PORTS;
    }

    @Override
    public int compareTo(ServiceKey other) {
        return ORDER.compare(this, other);
    }

    /** {@code name:port}, as dcos-net's {@code /v1/vips} writes it (an IPv6 address without brackets there too). */
    public String vip() {
        return target.text() + ":" + port;
    }

    @Override
    public String toString() {
        return vip() + "/" + protocol;
    }
}
