package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.netlink.MessageBuffer;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.netlink.NetlinkSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A dummy interface for the addresses at which DNS listens: they are this machine's alone, and the same on every machine,
 * so that an image can name them in its resolv.conf (rtnetlink(7); include/uapi/linux/if_link.h).
 */
final class DnsInterface {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWADDR = 20;
    /** In struct ifinfomsg. */
    private static final int INDEX_OFFSET = 4;
    /** The index of no interface. */
    private static final int NONE = 0;

    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFF_UP = 1;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    /** Nobody else can have it, so duplicate address detection would only make it unusable for a second. */
    private static final int IFA_F_NODAD = 2;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private DnsInterface() {}

    /** Makes the interface if it is not there, sets it up, and adds the addresses that it lacks. */
    static void ensure(NodeRole role) throws StartException {
        String name = role.dnsInterface().orElse(null);
        if (name == null) {
            return;
        }
        List<Ip> addresses = role.dnsListen().stream()
                .map(listen -> listen.ip())
                .filter(ip -> !ip.toInetAddress().isLoopbackAddress()
                        && !ip.toInetAddress().isAnyLocalAddress())
                .distinct()
                .toList();
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE, TIMEOUT)) {
            int there = index(socket, name);
            if (there == NONE) {
                execute(socket, link(name), "made");
            }
            int index = there == NONE ? index(socket, name) : there;
            execute(socket, up(index), "set up");
            for (Ip address : addresses) {
                execute(socket, address(index, address), "given the address " + address);
            }
        } catch (IOException e) {
            throw new StartException("--dns-interface " + name + ": " + Reasons.of(e), e);
        }
    }

    /** java.net knows only interfaces that have an address. */
    private static int index(NetlinkSocket socket, String name) throws NetlinkException {
        MessageBuffer question = header(new MessageBuffer().message(RTM_GETLINK, MessageBuffer.NLM_F_ACK), 0, 0)
                .string(IFLA_IFNAME, name);
        try {
            return socket.request(question).get(0).getInt(INDEX_OFFSET);
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENODEV) {
                return NONE;
            }
            throw e;
        }
    }

    private static void execute(NetlinkSocket socket, MessageBuffer message, String what) throws IOException {
        int errno = socket.execute(message)[0];
        if (errno == Errno.EPERM) {
            throw new IOException("cannot be " + what + ": needs root or the capability CAP_NET_ADMIN");
        }
        if (errno == Errno.EOPNOTSUPP) {
            throw new IOException("cannot be " + what
                    + ": this kernel has no dummy interfaces; load or install its module dummy, or make an interface of that"
                    + " name yourself (ip link add)");
        }
        if (errno != 0 && errno != Errno.EEXIST) {
            throw new NetlinkException(errno, "cannot be " + what);
        }
    }

    private static MessageBuffer link(String name) {
        MessageBuffer message = new MessageBuffer().message(RTM_NEWLINK, MessageBuffer.NLM_F_CREATE);
        header(message, 0, IFF_UP).string(IFLA_IFNAME, name);
        int info = message.nest(IFLA_LINKINFO);
        return message.string(IFLA_INFO_KIND, "dummy").endNest(info);
    }

    private static MessageBuffer up(int index) {
        return header(new MessageBuffer().message(RTM_NEWLINK, 0), index, IFF_UP);
    }

    /** struct ifinfomsg: u8 family, u8 pad, u16 type, i32 index, u32 flags, u32 mask of flags. */
    private static MessageBuffer header(MessageBuffer message, int index, int flags) {
        return message.rawU8(0).rawU8(0).rawU16(0).rawU32(index).rawU32(flags).rawU32(flags);
    }

    /** struct ifaddrmsg: u8 family, prefix length, flags, scope; u32 index. */
    private static MessageBuffer address(int index, Ip ip) {
        MessageBuffer message = new MessageBuffer()
                .message(RTM_NEWADDR, MessageBuffer.NLM_F_CREATE | MessageBuffer.NLM_F_REPLACE)
                .rawU8(ip.isV4() ? AF_INET : AF_INET6)
                .rawU8(ip.family().bits())
                .rawU8(ip.isV4() ? 0 : IFA_F_NODAD)
                .rawU8(0)
                .rawU32(index);
        return message.address(IFA_LOCAL, ip).address(IFA_ADDRESS, ip);
    }
}
