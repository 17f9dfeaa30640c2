package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A service with its destinations, sorted by address. */
record ServiceEntry(KernelService service, SortedMap<Endpoint, KernelDestination> destinations) {

    ServiceEntry {
        destinations = Collections.unmodifiableSortedMap(new TreeMap<>(destinations));
    }

    static ServiceEntry of(KernelService service, Collection<KernelDestination> destinations) {
        TreeMap<Endpoint, KernelDestination> sorted = new TreeMap<>();
        destinations.forEach(destination -> sorted.put(destination.address(), destination));
        return new ServiceEntry(service, sorted);
    }

    /** Whether no server takes new connections: there is none, or all have weight 0. */
    boolean isIdle() {
        for (KernelDestination destination : destinations.values()) {
            if (destination.weight() > 0) {
                return false;
            }
        }
        return true;
    }
}
