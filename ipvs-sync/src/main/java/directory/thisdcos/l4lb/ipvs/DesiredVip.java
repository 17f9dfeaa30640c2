package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.ForwardingMethod;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one target asks of this host's kernel. A pure function of the state and of the host.
 *
 * @param services one per address and virtual service, also without a backend: then connections are refused at once;
 *     those of an address that share a firewall mark are one
 * @param marks of these
 * @param refused addresses that this host cannot serve; {@code problems} says why
 */
record DesiredVip(
        List<ServiceEntry> services,
        Map<ServiceId.Address, ServiceId.Mark> marks,
        List<Ip> refused,
        List<Problem> problems) {

    static final DesiredVip NOTHING = new DesiredVip(List.of(), Map.of(), List.of(), List.of());

    static DesiredVip of(Vip vip, State state, HostView host) {
        if (!vip.isLive()) {
            return NOTHING;
        }
        DesiredVip desired = new DesiredVip(new ArrayList<>(), new HashMap<>(), new ArrayList<>(), new ArrayList<>());
        List<VirtualService> services =
                vip.services().stream().map(host.local()::of).toList();
        for (Ip address : vip.addresses()) {
            Optional<String> reason = whyNotServe(vip, address, state, host);
            if (reason.isPresent()) {
                desired.refused.add(address);
                desired.problems.add(new Problem("vip-refused", vip.target().text(), reason.get()));
            } else {
                desired.serve(services, address, state, host);
            }
        }
        return desired;
    }

    private void serve(List<VirtualService> all, Ip address, State state, HostView host) {
        Map<ServiceId.Mark, List<MarkedService.Member>> marked = new LinkedHashMap<>();
        for (VirtualService service : all) {
            ServiceId.Address id = new ServiceId.Address(
                    address, service.key().protocol(), service.key().port());
            Map<Endpoint, KernelDestination> destinations = destinations(service, id, state, host);
            Balancing balancing = service.spec().balancing();
            ServiceId.Mark mark = new ServiceId.Mark(address.family(), balancing.fwmark());
            if (mark.mark() == 0) {
                services.add(plain(id, balancing, destinations.values()));
            } else if (host.foreignMarks().contains(mark)) {
                problems.add(MarkedService.foreign(service.key(), mark));
                services.add(plain(id, balancing, destinations.values()));
            } else {
                marks.put(id, mark);
                marked.computeIfAbsent(mark, first -> new ArrayList<>())
                        .add(new MarkedService.Member(id, service, destinations));
            }
        }
        marked.forEach((mark, members) -> services.add(MarkedService.of(mark, members, problems)));
    }

    private static ServiceEntry plain(
            ServiceId.Address id, Balancing balancing, Collection<KernelDestination> destinations) {
        boolean udp = id.protocol() == Protocol.UDP.number();
        return ServiceEntry.of(KernelService.of(id, balancing, udp), destinations);
    }

    private static Optional<String> whyNotServe(Vip vip, Ip address, State state, HostView host) {
        if (isReserved(address)) {
            return Optional.of(address + " cannot be a virtual address; choose a unicast address");
        }
        if (!(vip.target() instanceof FixedAddress)) {
            return Optional.empty();
        }
        if (host.hasAddress(address)) {
            return Optional.of(address + " is this host's own address; its route and guard would cut the host off;"
                    + " choose another");
        }
        return state.holder(address).map(holder -> address + " already belongs to the name " + holder.text());
    }

    private Map<Endpoint, KernelDestination> destinations(
            VirtualService service, ServiceId.Address id, State state, HostView host) {
        Ip address = id.ip();
        Map<Endpoint, KernelDestination> destinations = new TreeMap<>();
        Balancing balancing = service.spec().balancing();
        if (balancing.onePacket() && service.key().protocol() != Protocol.UDP) {
            problems.add(new Problem(
                    "vip-option",
                    service.key().toString(),
                    "one-packet scheduling is for UDP only; it is ignored here"));
        }
        if (balancing.onePacket()
                && balancing.method() == ForwardingMethod.NAT
                && id.protocol() == Protocol.UDP.number()) {
            problems.add(new Problem(
                    "one-packet-nat",
                    service.key().toString(),
                    "the kernel does not translate the answers of servers behind one-packet scheduling: clients that"
                            + " wait for answers need the method direct or a tunnel, or no one-packet scheduling"));
        }
        // The kernel takes a server of the other family through a tunnel only.
        boolean mixes = isTunnel(balancing)
                && service.backends().values().stream()
                        .noneMatch(backend -> reachable(backend, host).ip().family() == address.family());
        boolean panics = Panic.in(service, host.panicPercent());
        if (panics) {
            problems.add(new Problem("panic", service.key().toString(), Panic.text(service)));
        }
        for (Backend backend : service.backends().values()) {
            if (backend.health() == Health.UNREACHABLE && !panics) {
                // Its connections are dead; it drains like one that was removed, and is edited if it comes back.
                continue;
            }
            Endpoint reachable = reachable(backend, host);
            // With all ports the client's is the server's.
            Endpoint server = id.hasAllPorts() ? new Endpoint(reachable.ip(), id.port()) : reachable;
            if (server.ip().family() != address.family() && !mixes) {
                continue;
            }
            Optional<String> reason =
                    whyNotUse(server.ip(), address, state).or(() -> whyNotForward(server, id, balancing));
            if (reason.isPresent()) {
                problems.add(new Problem("backend-refused", service.key() + " backend " + server, reason.get()));
            } else {
                // Two backends may share a container address; the one that takes connections wins.
                destinations.merge(
                        server,
                        KernelDestination.of(server, panics ? Panic.weight(backend) : backend.share(), balancing),
                        (one, other) -> one.weight() >= other.weight() ? one : other);
            }
        }
        return destinations;
    }

    /**
     * The host port of a container on a bridge of this host is made by a DNAT rule, which comes before or beside IPVS
     * and is not asked again for packets that IPVS has rewritten: here the container is reached at its own address.
     */
    private static Endpoint reachable(Backend backend, HostView host) {
        return host.isCalled(backend.node())
                ? backend.container()
                        .filter(container -> container.ip().family()
                                        == backend.address().ip().family()
                                && container.port() != 0)
                        .orElse(backend.address())
                : backend.address();
    }

    private static Optional<String> whyNotUse(Ip server, Ip vip, State state) {
        if (isReserved(server)) {
            return Optional.of(server + " is no address that another host can reach; the backend gets no connections");
        }
        if (server.equals(vip)) {
            return Optional.of("the backend has the virtual address itself: packets would go in a circle");
        }
        if (state.pools().filter(pools -> pools.contains(server)).isPresent() || state.isClaimed(server)) {
            return Optional.of(server + " is a virtual address; one cannot stand behind another");
        }
        return Optional.empty();
    }

    private static boolean isTunnel(Balancing balancing) {
        return balancing.method() != ForwardingMethod.NAT && balancing.method() != ForwardingMethod.DIRECT;
    }

    /** Only address translation changes the port: with any other method the kernel would take it, and nobody answer. */
    private static Optional<String> whyNotForward(Endpoint server, ServiceId.Address id, Balancing balancing) {
        return balancing.method() == ForwardingMethod.NAT || server.port() == id.port()
                ? Optional.empty()
                : Optional.of(
                        "the method " + balancing.method().text() + " leaves packets as they are: the backend must"
                                + " listen on port " + id.port() + ", not on " + server.port());
    }

    /** This host, multicast, broadcast and link-local IPv6: the kernel takes some of them and then drops packets. */
    private static boolean isReserved(Ip ip) {
        if (ip.family() == Family.V4) {
            long first = ip.low() >>> 24;
            return first == 0 || first == 127 || first >= 224;
        }
        boolean unspecifiedOrLoopback = ip.high() == 0 && (ip.low() == 0 || ip.low() == 1);
        boolean multicast = ip.high() >>> 56 == 0xff;
        boolean linkLocal = ip.high() >>> 54 == 0xfe80 >>> 6;
        boolean mapped = ip.high() == 0 && ip.low() >>> 32 == 0xffff;
        return unspecifiedOrLoopback || multicast || linkLocal || mapped;
    }
}
