package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** An IPVS table in memory that refuses what the kernel refuses, with the same error numbers (ip_vs_ctl.c). */
final class FakeKernel implements IpvsTable {
    final Map<ServiceId, ServiceEntry> table = new HashMap<>();
    final List<IpvsOp> executed = new ArrayList<>();
    final Set<String> schedulers = Set.of("none", "wlc", "rr", "mh");

    /** The answer to the next exchange is lost after it was done. */
    boolean loseNextAnswer;

    @Override
    public int[] execute(List<IpvsOp> operations) throws NetlinkException {
        int[] errors = operations.stream().mapToInt(this::execute).toArray();
        if (loseNextAnswer) {
            loseNextAnswer = false;
            throw new NetlinkException(Errno.ENOBUFS, "fake");
        }
        return errors;
    }

    int execute(IpvsOp operation) {
        executed.add(operation);
        Optional<ServiceEntry> old = Optional.ofNullable(table.get(operation.id()));
        if (operation instanceof IpvsOp.AddService add) {
            return old.isPresent() ? Errno.EEXIST : put(add.service(), Map.of());
        }
        if (old.isEmpty()) {
            return Errno.ESRCH;
        }
        TreeMap<Endpoint, KernelDestination> destinations =
                new TreeMap<>(old.get().destinations());
        KernelService service = old.get().service();
        if (operation instanceof IpvsOp.SetService set) {
            return put(set.service(), destinations);
        } else if (operation instanceof IpvsOp.RemoveService) {
            table.remove(operation.id());
            return 0;
        } else if (operation instanceof IpvsOp.AddDestination add) {
            KernelDestination destination = add.destination();
            return destinations.putIfAbsent(destination.address(), destination) == null
                    ? put(service, destinations)
                    : Errno.EEXIST;
        } else if (operation instanceof IpvsOp.SetDestination set) {
            KernelDestination destination = set.destination();
            return destinations.replace(destination.address(), destination) != null
                    ? put(service, destinations)
                    : Errno.ENOENT;
        } else if (operation instanceof IpvsOp.RemoveDestination remove) {
            return destinations.remove(remove.address()) != null ? put(service, destinations) : Errno.ENOENT;
        }
        throw new AssertionError(operation);
    }

    private int put(KernelService service, Map<Endpoint, KernelDestination> destinations) {
        if (!schedulers.contains(service.scheduler())) {
            return Errno.ENOENT;
        }
        table.put(service.id(), new ServiceEntry(service, new TreeMap<>(destinations)));
        return 0;
    }

    @Override
    public Map<ServiceId, ServiceEntry> read() {
        return new HashMap<>(table);
    }

    /** Connections of a destination, active and inactive. */
    final Map<DestinationKey, int[]> connections = new HashMap<>();

    @Override
    public Map<ServiceId, ProcTable.Service> show() {
        Map<ServiceId, ProcTable.Service> shown = new HashMap<>();
        table.forEach((id, entry) -> {
            if (id instanceof ServiceId.Address) {
                shown.put(
                        id,
                        new ProcTable.Service(
                                entry.service().scheduler(),
                                entry.service().has(KernelService.ONE_PACKET),
                                entry.service().has(KernelService.PERSISTENT),
                                shown(entry)));
            }
        });
        return shown;
    }

    @Override
    public Map<ServiceId, Map<Endpoint, ProcTable.Destination>> destinations(Collection<ServiceId> services) {
        Map<ServiceId, Map<Endpoint, ProcTable.Destination>> all = new HashMap<>();
        services.forEach(id -> Optional.ofNullable(table.get(id)).ifPresent(entry -> all.put(id, shown(entry))));
        return all;
    }

    private Map<Endpoint, ProcTable.Destination> shown(ServiceEntry entry) {
        Map<Endpoint, ProcTable.Destination> destinations = new HashMap<>();
        entry.destinations().forEach((server, destination) -> {
            int[] counts =
                    connections.getOrDefault(new DestinationKey(entry.service().id(), server), new int[2]);
            destinations.put(
                    server,
                    new ProcTable.Destination(destination.forwarding(), destination.weight(), counts[0], counts[1]));
        });
        return destinations;
    }

    /** Destinations whose inactive connections are half-closed. */
    final Set<DestinationKey> halfClosed = new HashSet<>();

    @Override
    public Set<DestinationKey> inUse(Collection<DestinationKey> destinations) {
        Set<DestinationKey> inUse = new HashSet<>(halfClosed);
        inUse.retainAll(destinations);
        return inUse;
    }

    @Override
    public Optional<ServiceEntry> readExactly(ServiceId id) {
        return Optional.ofNullable(table.get(id));
    }

    final List<SyncDaemon> daemons = new ArrayList<>();

    @Override
    public List<SyncDaemon> daemons() {
        return List.copyOf(daemons);
    }

    @Override
    public int start(SyncDaemon daemon) {
        if (!daemon.network().equals("eth0")) {
            return Errno.ENODEV;
        }
        daemons.add(daemon);
        return 0;
    }

    @Override
    public void stop(SyncDaemon daemon) {
        daemons.remove(daemon);
    }

    Timeouts timeouts = new Timeouts(Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(5));

    @Override
    public Timeouts timeouts() {
        return timeouts;
    }

    @Override
    public void setTimeouts(Timeouts wanted) {
        timeouts = new Timeouts(
                wanted.tcp().isZero() ? timeouts.tcp() : wanted.tcp(),
                wanted.tcpFin().isZero() ? timeouts.tcpFin() : wanted.tcpFin(),
                wanted.udp().isZero() ? timeouts.udp() : wanted.udp());
    }

    @Override
    public void close() {}
}
