package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.ForwardingMethod;

/**
 * A real server of a service.
 *
 * @param weight 0 gets no new connections and keeps its open ones
 * @param upperThreshold most connections, 0 for no limit
 * @param lowerThreshold below it a full server takes connections again
 * @param tunnel IPIP also where there is none
 */
record KernelDestination(
        Endpoint address, Forwarding forwarding, int weight, int upperThreshold, int lowerThreshold, Tunnel tunnel) {

    KernelDestination(Endpoint address, Forwarding forwarding, int weight, int upperThreshold, int lowerThreshold) {
        this(address, forwarding, weight, upperThreshold, lowerThreshold, Tunnel.IPIP);
    }

    static KernelDestination masquerading(Endpoint address, int weight) {
        return new KernelDestination(address, Forwarding.MASQUERADE, weight, 0, 0);
    }

    /** As the service's options want it. */
    static KernelDestination of(Endpoint address, int weight, Balancing balancing) {
        Forwarding forwarding = switch (balancing.method()) {
            case NAT -> Forwarding.MASQUERADE;
            case DIRECT -> Forwarding.DIRECT;
            case IPIP, GUE, GRE -> Forwarding.TUNNEL;
        };
        Tunnel tunnel = switch (balancing.method()) {
            case GUE -> Tunnel.gue(balancing.tunnelPort());
            case GRE -> Tunnel.GRE;
            case NAT, DIRECT, IPIP -> Tunnel.IPIP;
        };
        return new KernelDestination(
                address, forwarding, weight, balancing.upperThreshold(), balancing.lowerThreshold(), tunnel);
    }

    /** As {@link ForwardingMethod} names it; {@code local} or {@code bypass} where the kernel or another tool made it so. */
    String method() {
        return switch (forwarding) {
            case MASQUERADE -> ForwardingMethod.NAT.text();
            case DIRECT -> ForwardingMethod.DIRECT.text();
            case TUNNEL -> tunnel.method();
            case LOCAL -> "local";
            case BYPASS -> "bypass";
        };
    }

    KernelDestination withWeight(int newWeight) {
        return new KernelDestination(address, forwarding, newWeight, upperThreshold, lowerThreshold, tunnel);
    }
}
