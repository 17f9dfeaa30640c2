package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.ForwardingMethod;

/**
 * How a packet is wrapped on its way to a tunnel's end (include/uapi/linux/ip_vs.h: IP_VS_CONN_F_TUNNEL_TYPE_*).
 *
 * @param port UDP port of GUE, 0 for the others
 */
record Tunnel(int type, int port) {
    static final Tunnel IPIP = new Tunnel(0, 0);
    static final Tunnel GRE = new Tunnel(2, 0);

    private static final int GUE_TYPE = 1;

    static Tunnel gue(int port) {
        return new Tunnel(GUE_TYPE, port);
    }

    /** As {@link ForwardingMethod} names it. */
    String method() {
        return switch (type) {
            case GUE_TYPE -> ForwardingMethod.GUE.text();
            case 2 -> ForwardingMethod.GRE.text();
            default -> ForwardingMethod.IPIP.text();
        };
    }

    /** In the words of {@code ipvsadm -Sn}. */
    String words() {
        return switch (type) {
            case GUE_TYPE -> " --tun-type gue --tun-port " + port + " --tun-nocsum";
            case 2 -> " --tun-type gre --tun-nocsum";
            default -> " --tun-type ipip";
        };
    }
}
