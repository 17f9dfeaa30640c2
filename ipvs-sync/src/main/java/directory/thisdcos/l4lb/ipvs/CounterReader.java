package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.netlink.Attributes;
import directory.thisdcos.l4lb.netlink.GenericFamily;
import directory.thisdcos.l4lb.netlink.MessageBuffer;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.netlink.NetlinkSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Reads what the kernel has counted, on a socket of its own: whoever looks at a large table makes no change wait. One
 * exchange for all services, and one for the servers of each that is asked for. Safe for every thread.
 */
final class CounterReader implements AutoCloseable {
    /** As ipvsadm writes it. */
    private static final String MARKED = "fwm";

    private final NetlinkSocket socket;

    CounterReader(Duration timeout) {
        this.socket = NetlinkSocket.unopened(NetlinkSocket.NETLINK_GENERIC, timeout);
    }

    /** Tells of a service of ours where clients meet it; of others for a mark nothing. */
    @FunctionalInterface
    interface Places {
        Collection<ServiceId.Address> of(ServiceId id);
    }

    /**
     * A service without its servers.
     *
     * @param places at least one
     */
    private record Seen(KernelService service, SortedSet<ServiceId.Address> places, Counters counters) {}

    /**
     * All services at an address, and those for marks of ours.
     *
     * @param wanted which to read by their places, in the order of these
     * @param limit the most to read
     */
    synchronized List<ServiceCounters> read(
            ServiceNames names, Places places, Predicate<ServiceId.Address> wanted, int limit) throws NetlinkException {
        int family = GenericFamily.resolve(socket, IpvsMessages.FAMILY, IpvsMessages.MODULE);
        List<ServiceCounters> all = new ArrayList<>();
        for (Seen seen : services(family, places)) {
            if (all.size() >= limit) {
                break;
            }
            if (seen.places.stream().anyMatch(wanted)) {
                all.add(counters(seen, names, servers(family, seen.service.id())));
            }
        }
        return all;
    }

    private List<Seen> services(int family, Places places) throws NetlinkException {
        // A dump may repeat a service when the table changes meanwhile.
        Map<ServiceId, Seen> services = new HashMap<>();
        MessageBuffer request = IpvsMessages.command(
                new MessageBuffer(), family, IpvsMessages.CMD_GET_SERVICE, MessageBuffer.NLM_F_DUMP);
        socket.dump(request, (type, payload) -> {
            Attributes message = attributes(payload);
            KernelService service = IpvsMessages.decodeService(message);
            SortedSet<ServiceId.Address> at = service.id() instanceof ServiceId.Address address
                    ? new TreeSet<>(Set.of(address))
                    : new TreeSet<>(places.of(service.id()));
            if (!at.isEmpty()) {
                services.put(service.id(), new Seen(service, at, CounterMessages.ofService(message)));
            }
        });
        return services.values().stream()
                .sorted(Comparator.comparing(seen -> seen.places.first()))
                .toList();
    }

    private List<ServiceCounters.Server> servers(int family, ServiceId id) throws NetlinkException {
        Map<Endpoint, ServiceCounters.Server> servers = new TreeMap<>();
        MessageBuffer request = IpvsMessages.key(
                IpvsMessages.command(new MessageBuffer(), family, IpvsMessages.CMD_GET_DEST, MessageBuffer.NLM_F_DUMP),
                id);
        socket.dump(request, (type, payload) -> {
            Attributes message = attributes(payload);
            KernelDestination destination = IpvsMessages.decodeDestination(message, id.family());
            servers.put(destination.address(), CounterMessages.server(message, destination));
        });
        return List.copyOf(servers.values());
    }

    private static ServiceCounters counters(Seen seen, ServiceNames names, List<ServiceCounters.Server> servers) {
        KernelService service = seen.service();
        ServiceId.Address first = seen.places().first();
        int mark = service.id() instanceof ServiceId.Mark of ? of.mark() : 0;
        return new ServiceCounters(
                names.of(seen.places()),
                new Endpoint(first.ip(), first.port()),
                mark != 0
                        ? MARKED
                        : Protocol.of(first.protocol()).map(Protocol::text).orElse(Integer.toString(first.protocol())),
                mark,
                service.scheduler(),
                service.flagNames(),
                service.has(KernelService.PERSISTENT) ? service.timeoutSeconds() : 0,
                seen.counters(),
                servers);
    }

    private static Attributes attributes(ByteBuffer payload) throws NetlinkException {
        return Attributes.parse(payload.position(IpvsMessages.GENL_HEADER_BYTES));
    }

    @Override
    public synchronized void close() {
        socket.close();
    }
}
