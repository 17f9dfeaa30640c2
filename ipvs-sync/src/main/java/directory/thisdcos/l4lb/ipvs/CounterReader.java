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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads what the kernel has counted, on a socket of its own: whoever looks at a large table makes no change wait. One
 * exchange for all services, and one for the servers of each that is asked for. Safe for every thread.
 */
final class CounterReader implements AutoCloseable {
    private static final Comparator<ServiceId.Address> ORDER = Comparator.comparing(ServiceId.Address::ip)
            .thenComparingInt(ServiceId.Address::protocol)
            .thenComparingInt(ServiceId.Address::port);

    private final NetlinkSocket socket;

    CounterReader(Duration timeout) {
        this.socket = NetlinkSocket.unopened(NetlinkSocket.NETLINK_GENERIC, timeout);
    }

    /** A service without its servers. */
    record Seen(KernelService service, Counters counters) {}

    /**
     * All services at an address, without fwmark services.
     *
     * @param names the name of each; empty for none
     * @param wanted which to read, in the order of their addresses
     * @param limit the most to read
     */
    synchronized List<ServiceCounters> read(
            Function<ServiceId.Address, String> names, Predicate<ServiceId.Address> wanted, int limit)
            throws NetlinkException {
        int family = GenericFamily.resolve(socket, IpvsMessages.FAMILY, IpvsMessages.MODULE);
        List<ServiceCounters> all = new ArrayList<>();
        for (Map.Entry<ServiceId.Address, Seen> seen : services(family).entrySet()) {
            if (all.size() >= limit) {
                break;
            }
            if (wanted.test(seen.getKey())) {
                all.add(counters(seen.getKey(), seen.getValue(), names, servers(family, seen.getKey())));
            }
        }
        return all;
    }

    private Map<ServiceId.Address, Seen> services(int family) throws NetlinkException {
        Map<ServiceId.Address, Seen> services = new TreeMap<>(ORDER);
        MessageBuffer request = IpvsMessages.command(
                new MessageBuffer(), family, IpvsMessages.CMD_GET_SERVICE, MessageBuffer.NLM_F_DUMP);
        socket.dump(request, (type, payload) -> {
            Attributes message = attributes(payload);
            KernelService service = IpvsMessages.decodeService(message);
            if (service.id() instanceof ServiceId.Address address) {
                services.put(address, new Seen(service, CounterMessages.ofService(message)));
            }
        });
        return services;
    }

    private List<ServiceCounters.Server> servers(int family, ServiceId.Address id) throws NetlinkException {
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

    private static ServiceCounters counters(
            ServiceId.Address id,
            Seen seen,
            Function<ServiceId.Address, String> names,
            List<ServiceCounters.Server> servers) {
        KernelService service = seen.service();
        return new ServiceCounters(
                names.apply(id),
                new Endpoint(id.ip(), id.port()),
                Protocol.of(id.protocol()).map(Protocol::text).orElse(Integer.toString(id.protocol())),
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
