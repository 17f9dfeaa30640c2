package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;

/**
 * A real server of a service.
 *
 * @param weight 0 gets no new connections and keeps its open ones
 * @param upperThreshold most connections, 0 for no limit
 * @param lowerThreshold below it a full server takes connections again
 */
record KernelDestination(Endpoint address, Forwarding forwarding, int weight, int upperThreshold, int lowerThreshold) {

    KernelDestination withWeight(int newWeight) {
        return new KernelDestination(address, forwarding, newWeight, upperThreshold, lowerThreshold);
    }

    static KernelDestination masquerading(Endpoint address, int weight) {
        return new KernelDestination(address, Forwarding.MASQUERADE, weight, 0, 0);
    }
}
