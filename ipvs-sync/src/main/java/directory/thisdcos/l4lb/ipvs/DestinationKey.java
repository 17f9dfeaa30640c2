package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;

/** One real server of one service. */
record DestinationKey(ServiceId.Address service, Endpoint server) {
    @Override
    public String toString() {
        return service + " -> " + server;
    }
}
