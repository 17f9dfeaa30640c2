package directory.thisdcos.l4lb.ipvs;

import java.time.Duration;

/**
 * How long removed servers stay at weight 0.
 *
 * @param connections the longest that one keeps its open connections; zero removes at once
 * @param udp how long one of UDP may still answer what it was asked, at most {@code connections}; its senders stay with it
 *     for so long
 */
public record DrainLimits(Duration connections, Duration udp) {
    public static final DrainLimits DEFAULT = new DrainLimits(Duration.ofSeconds(30), Duration.ofMillis(100));

    public DrainLimits {
        if (connections.isNegative() || udp.isNegative()) {
            throw new IllegalArgumentException("a drain limit must not be below 0");
        }
        udp = udp.compareTo(connections) > 0 ? connections : udp;
    }

    Duration of(boolean isUdp) {
        return isUdp ? udp : connections;
    }
}
