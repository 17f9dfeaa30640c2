package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.NetlinkException;
import java.time.Duration;

/**
 * How long the kernel remembers idle connections, for the whole network namespace, in whole seconds; zero leaves a value
 * as the kernel has it (ip_vs_ctl.c: ip_vs_set_timeout).
 *
 * @param tcp established TCP connections; the kernel begins with 900 s
 * @param tcpFin TCP connections after a FIN; 120 s
 * @param udp UDP, after the last datagram; 300 s
 */
public record Timeouts(Duration tcp, Duration tcpFin, Duration udp) {
    /** INT_MAX jiffies at 1,000 a second, with which every kernel is content. */
    private static final Duration MAX = Duration.ofDays(24);

    /** All as the kernel has them. */
    public static final Timeouts KERNEL = new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /**
     * @throws IllegalArgumentException one is out of range; the message names it
     */
    public Timeouts {
        check(tcp, "TCP");
        check(tcpFin, "TCP FIN");
        check(udp, "UDP");
    }

    private static void check(Duration value, String name) {
        if (value.isNegative() || value.compareTo(MAX) > 0 || value.toMillis() % 1000 != 0) {
            throw new IllegalArgumentException("the " + name + " timeout must be whole seconds within 0-"
                    + MAX.toSeconds() + ", not " + value.toMillis() + " ms");
        }
    }

    /** Whether the kernel with these has what is wanted. */
    boolean satisfies(Timeouts wanted) {
        return satisfies(tcp, wanted.tcp) && satisfies(tcpFin, wanted.tcpFin) && satisfies(udp, wanted.udp);
    }

    private static boolean satisfies(Duration value, Duration wanted) {
        return wanted.isZero() || value.equals(wanted);
    }

    /** Sets them where the kernel has others; returns how many writes that took, 0 or 1. */
    int repair(IpvsTable table, IpvsMetrics metrics) throws NetlinkException {
        if (equals(KERNEL) || table.timeouts().satisfies(this)) {
            return 0;
        }
        metrics.writes(1);
        table.setTimeouts(this);
        return 1;
    }
}
