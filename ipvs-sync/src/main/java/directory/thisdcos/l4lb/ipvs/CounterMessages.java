package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.Attributes;
import directory.thisdcos.l4lb.netlink.NetlinkException;

/** Statistics in the kernel's answers (include/uapi/linux/ip_vs.h: IPVS_STATS_ATTR_*). */
final class CounterMessages {
    private static final int SVC_STATS = 10;
    private static final int SVC_STATS64 = 12;
    private static final int DEST_STATS = 10;
    private static final int DEST_STATS64 = 12;
    private static final int DEST_ACTIVE = 7;
    private static final int DEST_INACTIVE = 8;
    private static final int DEST_PERSISTENT = 9;

    private static final int CONNECTIONS = 1;
    private static final int IN_PACKETS = 2;
    private static final int OUT_PACKETS = 3;
    private static final int IN_BYTES = 4;
    private static final int OUT_BYTES = 5;
    private static final int CPS = 6;
    private static final int IN_PPS = 7;
    private static final int OUT_PPS = 8;
    private static final int IN_BPS = 9;
    private static final int OUT_BPS = 10;

    private CounterMessages() {}

    static Counters ofService(Attributes message) throws NetlinkException {
        Attributes service = message.nested(IpvsMessages.ATTR_SERVICE);
        return counters(service, SVC_STATS64, SVC_STATS);
    }

    /** What the table of /proc shows of a destination too. */
    static ProcTable.Destination connections(Attributes message, KernelDestination destination)
            throws NetlinkException {
        Attributes attributes = message.nested(IpvsMessages.ATTR_DEST);
        return new ProcTable.Destination(
                destination.forwarding(),
                destination.weight(),
                attributes.u32(DEST_ACTIVE, 0),
                attributes.u32(DEST_INACTIVE, 0));
    }

    static ServiceCounters.Server server(Attributes message, KernelDestination destination) throws NetlinkException {
        Attributes attributes = message.nested(IpvsMessages.ATTR_DEST);
        return new ServiceCounters.Server(
                destination.address(),
                destination.method(),
                destination.weight(),
                destination.upperThreshold(),
                destination.lowerThreshold(),
                Integer.toUnsignedLong(attributes.u32(DEST_ACTIVE, 0)),
                Integer.toUnsignedLong(attributes.u32(DEST_INACTIVE, 0)),
                Integer.toUnsignedLong(attributes.u32(DEST_PERSISTENT, 0)),
                counters(attributes, DEST_STATS64, DEST_STATS));
    }

    /** Kernels before 4.1 know only the narrow ones. */
    private static Counters counters(Attributes of, int wide, int narrow) throws NetlinkException {
        boolean isWide = of.has(wide);
        Attributes stats = of.nested(isWide ? wide : narrow);
        return new Counters(
                number(stats, CONNECTIONS, isWide),
                number(stats, IN_PACKETS, isWide),
                number(stats, OUT_PACKETS, isWide),
                stats.u64(IN_BYTES),
                stats.u64(OUT_BYTES),
                number(stats, CPS, isWide),
                number(stats, IN_PPS, isWide),
                number(stats, OUT_PPS, isWide),
                number(stats, IN_BPS, isWide),
                number(stats, OUT_BPS, isWide));
    }

    private static long number(Attributes stats, int type, boolean isWide) throws NetlinkException {
        return isWide ? stats.u64(type) : Integer.toUnsignedLong(stats.u32(type));
    }
}
