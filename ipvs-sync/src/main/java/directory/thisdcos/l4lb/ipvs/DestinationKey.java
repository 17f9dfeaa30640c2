package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.ServiceKey;

/** One real server of one service. */
record DestinationKey(ServiceId service, Endpoint server) {
    /** The same server as a client of this place sees it; a service for a mark has several. */
    DestinationKey at(ServiceId.Address place) {
        return service instanceof ServiceId.Mark && server.port() == ServiceKey.ALL_PORTS
                ? new DestinationKey(place, new Endpoint(server.ip(), place.port()))
                : new DestinationKey(place, server);
    }

    @Override
    public String toString() {
        return service + " -> " + server;
    }
}
