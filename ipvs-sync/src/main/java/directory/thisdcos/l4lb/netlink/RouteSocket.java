package directory.thisdcos.l4lb.netlink;

import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Prefix;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The part of rtnetlink that we need (include/uapi/linux/rtnetlink.h): local routes, and the host's addresses. */
public final class RouteSocket implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_GETROUTE = 26;
    private static final int RT_TABLE_LOCAL = 255;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_HOST = 254;
    private static final int RTN_LOCAL = 2;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int RTMSG_BYTES = 12;
    private static final int IFADDRMSG_BYTES = 8;

    private final NetlinkSocket socket;

    private RouteSocket(NetlinkSocket socket) {
        this.socket = socket;
    }

    public static RouteSocket open(Duration timeout) throws NetlinkException {
        return new RouteSocket(NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE, timeout));
    }

    /** The local routes of one origin, both families. */
    public List<Route> localRoutes(int protocol) throws NetlinkException {
        List<Route> routes = new ArrayList<>();
        for (Family family : Family.values()) {
            MessageBuffer request = new MessageBuffer().message(RTM_GETROUTE, MessageBuffer.NLM_F_DUMP);
            header(request, family, 0, protocol, RT_SCOPE_UNIVERSE);
            socket.dump(request, (type, payload) -> {
                // Kernels before 4.20 ignore the filter of the request.
                if (type == RTM_NEWROUTE && payload.get(4) == (byte) RT_TABLE_LOCAL) {
                    decode(payload).filter(protocol, routes);
                }
            });
        }
        return routes;
    }

    private record Decoded(Route route, int type) {
        void filter(int protocol, List<Route> into) {
            if (type == RTN_LOCAL && route.protocol() == protocol) {
                into.add(route);
            }
        }
    }

    /** Adds routes and removes others, in this order; an errno (or 0) for each, in the same order. */
    public int[] change(Collection<Route> add, Collection<Route> remove) throws NetlinkException {
        MessageBuffer messages = new MessageBuffer();
        add.forEach(route -> encodeAdd(messages, route));
        remove.forEach(route -> encode(messages.message(RTM_DELROUTE, 0), route));
        return socket.execute(messages);
    }

    static void encodeAdd(MessageBuffer messages, Route route) {
        encode(messages.message(RTM_NEWROUTE, MessageBuffer.NLM_F_CREATE | MessageBuffer.NLM_F_REPLACE), route);
    }

    private static void encode(MessageBuffer message, Route route) {
        header(
                message,
                route.destination().network().family(),
                route.destination().length(),
                route.protocol(),
                RT_SCOPE_HOST);
        message.address(RTA_DST, route.destination().network()).u32(RTA_OIF, route.link());
    }

    /** struct rtmsg: u8 family, dst_len, src_len, tos, table, protocol, scope, type; u32 flags. */
    private static void header(MessageBuffer message, Family family, int length, int protocol, int scope) {
        message.rawU8(family == Family.V4 ? AF_INET : AF_INET6)
                .rawU8(length)
                .rawU8(0)
                .rawU8(0)
                .rawU8(RT_TABLE_LOCAL)
                .rawU8(protocol)
                .rawU8(scope)
                .rawU8(RTN_LOCAL)
                .rawU32(0);
    }

    private static Decoded decode(ByteBuffer payload) throws NetlinkException {
        Family family = payload.get(0) == AF_INET ? Family.V4 : Family.V6;
        int length = payload.get(1) & 0xff;
        int protocol = payload.get(5) & 0xff;
        int type = payload.get(7) & 0xff;
        Attributes attributes = Attributes.parse(payload.position(RTMSG_BYTES));
        Ip network = attributes.has(RTA_DST)
                ? attributes.address(RTA_DST, family.octets())
                : Ip.of(new byte[family.octets()]);
        int link = attributes.u32(RTA_OIF, 0);
        return new Decoded(new Route(new Prefix(network, length), protocol, link), type);
    }

    static Route decodeRoute(ByteBuffer payload) throws NetlinkException {
        return decode(payload).route();
    }

    /** The addresses of this host's interfaces, each with the prefix length of its network. */
    public List<Prefix> addresses() throws NetlinkException {
        List<Prefix> addresses = new ArrayList<>();
        for (Family family : Family.values()) {
            MessageBuffer request = new MessageBuffer().message(RTM_GETADDR, MessageBuffer.NLM_F_DUMP);
            // struct ifaddrmsg: u8 family, prefix length, flags, scope; u32 index. 0 asks for all.
            request.rawU8(family == Family.V4 ? AF_INET : AF_INET6)
                    .rawU8(0)
                    .rawU8(0)
                    .rawU8(0)
                    .rawU32(0);
            socket.dump(request, (type, payload) -> {
                int length = payload.get(1) & 0xff;
                Attributes attributes = Attributes.parse(payload.position(IFADDRMSG_BYTES));
                // On a point-to-point link IFA_ADDRESS is the peer's.
                int own = attributes.has(IFA_LOCAL) ? IFA_LOCAL : IFA_ADDRESS;
                if (attributes.has(own)) {
                    addresses.add(new Prefix(attributes.address(own, family.octets()), length));
                }
            });
        }
        return addresses;
    }

    @Override
    public void close() {
        socket.close();
    }
}
