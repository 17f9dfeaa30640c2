package directory.thisdcos.l4lb.model;

import java.util.Comparator;

/** What identifies a virtual service: target, protocol and port (1 to 65535). */
public record ServiceKey(Target target, Protocol protocol, int port) implements Comparable<ServiceKey> {

    private static final Comparator<ServiceKey> ORDER = Comparator.comparing(ServiceKey::target)
            .thenComparing(ServiceKey::protocol)
            .thenComparingInt(ServiceKey::port);

    public ServiceKey {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not within 1-65535");
        }
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
