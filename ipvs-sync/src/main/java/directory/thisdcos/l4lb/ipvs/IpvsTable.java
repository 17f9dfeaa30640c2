package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The kernel's IPVS table as the engine sees it. */
interface IpvsTable extends AutoCloseable {

    /** Does all operations in order; for each 0 or the errno of its refusal. */
    int[] execute(List<IpvsOp> operations) throws NetlinkException;

    /** What can be seen at a glance of every service at an address, foreign ones included; not of those for marks. */
    Map<ServiceId, ProcTable.Service> show() throws NetlinkException;

    /** The same with numbers of connections that may be old: the very same map as long as nothing else has changed. */
    default Map<ServiceId, ProcTable.Service> showTable() throws NetlinkException {
        return show();
    }

    /** Destinations of some services, with their numbers of connections now; services that have none are absent. */
    default Map<ServiceId, Map<Endpoint, ProcTable.Destination>> destinations(Collection<ServiceId> services)
            throws NetlinkException {
        Map<ServiceId, Map<Endpoint, ProcTable.Destination>> destinations = new HashMap<>();
        Map<ServiceId, ProcTable.Service> shown = show();
        services.forEach(id -> Optional.ofNullable(shown.get(id))
                .filter(service -> !service.destinations().isEmpty())
                .ifPresent(service -> destinations.put(id, service.destinations())));
        return destinations;
    }

    /** Those of the destinations, all of services at an address, that have a connection that is not over. */
    Set<DestinationKey> inUse(Collection<DestinationKey> destinations) throws NetlinkException;

    /** The whole table, foreign services included. Thresholds of destinations read as 0: see {@link #readExactly}. */
    Map<ServiceId, ServiceEntry> read() throws NetlinkException;

    /** One service with every field of its destinations. */
    Optional<ServiceEntry> readExactly(ServiceId id) throws NetlinkException;

    /** The same for many; those that do not exist are absent. */
    default void readExactly(Collection<ServiceId> ids, Map<ServiceId, ServiceEntry> into) throws NetlinkException {
        for (ServiceId id : ids) {
            readExactly(id).ifPresentOrElse(entry -> into.put(id, entry), () -> into.remove(id));
        }
    }

    Timeouts timeouts() throws NetlinkException;

    void setTimeouts(Timeouts timeouts) throws NetlinkException;

    List<SyncDaemon> daemons() throws NetlinkException;

    /** Returns 0 or an errno. */
    int start(SyncDaemon daemon) throws NetlinkException;

    void stop(SyncDaemon daemon) throws NetlinkException;

    @Override
    void close();
}
