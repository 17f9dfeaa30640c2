package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.netlink.Attributes;
import directory.thisdcos.l4lb.netlink.MessageBuffer;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import java.time.Duration;

/** IPVS over generic netlink: commands, attributes and their byte order (include/uapi/linux/ip_vs.h, ip_vs_ctl.c). */
final class IpvsMessages {
    static final String FAMILY = "IPVS";
    static final String MODULE = "ip_vs";
    static final int GENL_HEADER_BYTES = 4;

    static final int CMD_NEW_SERVICE = 1;
    static final int CMD_SET_SERVICE = 2;
    static final int CMD_DEL_SERVICE = 3;
    static final int CMD_GET_SERVICE = 4;
    static final int CMD_NEW_DEST = 5;
    static final int CMD_SET_DEST = 6;
    static final int CMD_DEL_DEST = 7;
    static final int CMD_GET_DEST = 8;
    static final int CMD_NEW_DAEMON = 9;
    static final int CMD_DEL_DAEMON = 10;
    static final int CMD_GET_DAEMON = 11;
    static final int CMD_SET_CONFIG = 12;
    static final int CMD_GET_CONFIG = 13;
    static final int CMD_GET_INFO = 15;

    static final int ATTR_SERVICE = 1;
    static final int ATTR_DEST = 2;
    private static final int ATTR_DAEMON = 3;
    private static final int DAEMON_STATE = 1;
    private static final int DAEMON_INTERFACE = 2;
    private static final int DAEMON_ID = 3;
    private static final int ATTR_TIMEOUT_TCP = 4;
    private static final int ATTR_TIMEOUT_TCP_FIN = 5;
    private static final int ATTR_TIMEOUT_UDP = 6;

    private static final int VERSION = 1;

    private static final int SVC_AF = 1;
    private static final int SVC_PROTOCOL = 2;
    private static final int SVC_ADDR = 3;
    private static final int SVC_PORT = 4;
    private static final int SVC_FWMARK = 5;
    private static final int SVC_SCHED_NAME = 6;
    private static final int SVC_FLAGS = 7;
    private static final int SVC_TIMEOUT = 8;
    private static final int SVC_NETMASK = 9;
    private static final int SVC_PE_NAME = 11;

    private static final int DEST_ADDR = 1;
    private static final int DEST_PORT = 2;
    private static final int DEST_FWD_METHOD = 3;
    private static final int DEST_WEIGHT = 4;
    private static final int DEST_U_THRESH = 5;
    private static final int DEST_L_THRESH = 6;
    private static final int DEST_ADDR_FAMILY = 11;
    private static final int DEST_TUN_TYPE = 13;
    private static final int DEST_TUN_PORT = 14;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    /** IP_VS_SVC_F_HASHED: the kernel's own mark in what it reports. */
    private static final int FLAG_HASHED = 0x2;

    private IpvsMessages() {}

    static MessageBuffer command(MessageBuffer out, int family, int command, int flags) {
        return out.generic(family, command, VERSION, flags);
    }

    static void encode(MessageBuffer out, int family, IpvsOp op) {
        if (op instanceof IpvsOp.AddService add) {
            service(command(out, family, CMD_NEW_SERVICE, 0), add.service());
        } else if (op instanceof IpvsOp.SetService set) {
            service(command(out, family, CMD_SET_SERVICE, 0), set.service());
        } else if (op instanceof IpvsOp.RemoveService remove) {
            key(command(out, family, CMD_DEL_SERVICE, 0), remove.id());
        } else if (op instanceof IpvsOp.AddDestination add) {
            key(command(out, family, CMD_NEW_DEST, 0), add.id());
            destination(out, add.destination());
        } else if (op instanceof IpvsOp.SetDestination set) {
            key(command(out, family, CMD_SET_DEST, 0), set.id());
            destination(out, set.destination());
        } else if (op instanceof IpvsOp.RemoveDestination remove) {
            key(command(out, family, CMD_DEL_DEST, 0), remove.id());
            int nest = out.nest(ATTR_DEST);
            address(out, remove.address());
            out.endNest(nest);
        } else {
            throw new AssertionError("an operation without a message: " + op);
        }
    }

    /** Zero leaves a value as it is. */
    static MessageBuffer timeouts(MessageBuffer out, Timeouts timeouts) {
        return out.u32(ATTR_TIMEOUT_TCP, (int) timeouts.tcp().toSeconds())
                .u32(ATTR_TIMEOUT_TCP_FIN, (int) timeouts.tcpFin().toSeconds())
                .u32(ATTR_TIMEOUT_UDP, (int) timeouts.udp().toSeconds());
    }

    static Timeouts decodeTimeouts(Attributes message) throws NetlinkException {
        return new Timeouts(
                Duration.ofSeconds(message.u32(ATTR_TIMEOUT_TCP)),
                Duration.ofSeconds(message.u32(ATTR_TIMEOUT_TCP_FIN)),
                Duration.ofSeconds(message.u32(ATTR_TIMEOUT_UDP)));
    }

    static MessageBuffer daemon(MessageBuffer out, SyncDaemon daemon) {
        int nest = out.nest(ATTR_DAEMON);
        out.u32(DAEMON_STATE, daemon.role().number())
                .string(DAEMON_INTERFACE, daemon.network())
                .u32(DAEMON_ID, daemon.id());
        return out.endNest(nest);
    }

    static SyncDaemon decodeDaemon(Attributes message) throws NetlinkException {
        Attributes daemon = message.nested(ATTR_DAEMON);
        SyncDaemon.Role role = daemon.u32(DAEMON_STATE) == SyncDaemon.Role.MASTER.number()
                ? SyncDaemon.Role.MASTER
                : SyncDaemon.Role.BACKUP;
        return new SyncDaemon(role, daemon.string(DAEMON_INTERFACE), daemon.u32(DAEMON_ID));
    }

    /** The service attribute with nothing but the identity. */
    static MessageBuffer key(MessageBuffer out, ServiceId id) {
        int nest = out.nest(ATTR_SERVICE);
        identity(out, id);
        return out.endNest(nest);
    }

    private static void identity(MessageBuffer out, ServiceId id) {
        out.u16(SVC_AF, number(id.family()));
        if (id instanceof ServiceId.Address address) {
            out.u16(SVC_PROTOCOL, address.protocol())
                    .address(SVC_ADDR, address.ip())
                    .networkU16(SVC_PORT, address.port());
        } else if (id instanceof ServiceId.Mark mark) {
            out.u32(SVC_FWMARK, mark.mark());
        }
    }

    private static void service(MessageBuffer out, KernelService service) {
        int nest = out.nest(ATTR_SERVICE);
        identity(out, service.id());
        out.string(SVC_SCHED_NAME, service.scheduler())
                .u32Pair(SVC_FLAGS, service.flags(), ~0)
                .u32(SVC_TIMEOUT, service.timeoutSeconds());
        if (service.id().family() == Family.V4) {
            out.networkU32(SVC_NETMASK, service.netmask());
        } else {
            out.u32(SVC_NETMASK, service.netmask());
        }
        // Omitted, the kernel takes the engine away.
        if (!service.persistenceEngine().isEmpty()) {
            out.string(SVC_PE_NAME, service.persistenceEngine());
        }
        out.endNest(nest);
    }

    private static void destination(MessageBuffer out, KernelDestination destination) {
        int nest = out.nest(ATTR_DEST);
        address(out, destination.address());
        out.u32(DEST_FWD_METHOD, destination.forwarding().number())
                .u32(DEST_WEIGHT, destination.weight())
                .u32(DEST_U_THRESH, destination.upperThreshold())
                .u32(DEST_L_THRESH, destination.lowerThreshold());
        // Omitted, the kernel makes it IPIP; kernels before 5.2 do not know these.
        if (!destination.tunnel().equals(Tunnel.IPIP)) {
            out.u8(DEST_TUN_TYPE, destination.tunnel().type())
                    .networkU16(DEST_TUN_PORT, destination.tunnel().port());
        }
        out.endNest(nest);
    }

    private static void address(MessageBuffer out, Endpoint address) {
        out.u16(DEST_ADDR_FAMILY, number(address.ip().family()))
                .address(DEST_ADDR, address.ip())
                .networkU16(DEST_PORT, address.port());
    }

    static KernelService decodeService(Attributes message) throws NetlinkException {
        Attributes service = message.nested(ATTR_SERVICE);
        Family family = service.u16(SVC_AF) == AF_INET ? Family.V4 : Family.V6;
        ServiceId id = service.has(SVC_FWMARK)
                ? new ServiceId.Mark(family, service.u32(SVC_FWMARK))
                : new ServiceId.Address(
                        service.address(SVC_ADDR, family.octets()),
                        service.u16(SVC_PROTOCOL),
                        service.networkU16(SVC_PORT));
        return new KernelService(
                id,
                service.string(SVC_SCHED_NAME),
                service.u32(SVC_FLAGS) & ~FLAG_HASHED,
                service.u32(SVC_TIMEOUT),
                family == Family.V4 ? service.networkU32(SVC_NETMASK) : service.u32(SVC_NETMASK),
                service.has(SVC_PE_NAME) ? service.string(SVC_PE_NAME) : "");
    }

    static KernelDestination decodeDestination(Attributes message, Family serviceFamily) throws NetlinkException {
        Attributes destination = message.nested(ATTR_DEST);
        Family family = serviceFamily;
        if (destination.has(DEST_ADDR_FAMILY)) {
            family = destination.u16(DEST_ADDR_FAMILY) == AF_INET ? Family.V4 : Family.V6;
        }
        return new KernelDestination(
                new Endpoint(destination.address(DEST_ADDR, family.octets()), destination.networkU16(DEST_PORT)),
                Forwarding.of(destination.u32(DEST_FWD_METHOD)),
                destination.u32(DEST_WEIGHT),
                destination.u32(DEST_U_THRESH),
                destination.u32(DEST_L_THRESH),
                new Tunnel(
                        destination.has(DEST_TUN_TYPE) ? destination.u8(DEST_TUN_TYPE) : 0,
                        destination.has(DEST_TUN_PORT) ? destination.networkU16(DEST_TUN_PORT) : 0));
    }

    private static int number(Family family) {
        return family == Family.V4 ? AF_INET : AF_INET6;
    }
}
