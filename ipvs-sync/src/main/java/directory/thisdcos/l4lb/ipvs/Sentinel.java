package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Family;
import java.util.List;
import java.util.stream.Stream;

/**
 * A service per family that is always there and never takes a packet. When the last service of a family goes, the kernel
 * unregisters its netfilter hooks for that family (ip_vs_ctl.c: ip_vs_unregister_hooks), and every open connection gets
 * a reset at once, those of services that drain included. An address of the pool cannot be spared for it (each may be
 * given to a name), so it is a service for a firewall mark that nobody uses, without scheduler or destinations:
 * {@code ipvsadm -Ln} shows it as {@code FWM 1815374946 none}.
 */
final class Sentinel {
    /** "l4lb" in ASCII: odd enough that no other tool marks packets with it. */
    static final int MARK = 0x6c346c62;

    private Sentinel() {}

    static boolean is(ServiceId id) {
        return id instanceof ServiceId.Mark mark && mark.mark() == MARK;
    }

    /** The sentinels of a host with or without IPv6. */
    static List<ServiceEntry> entries(boolean ipv6) {
        return Stream.of(Family.values())
                .filter(family -> ipv6 || family == Family.V4)
                .map(family -> new ServiceId.Mark(family, MARK))
                .map(id -> ServiceEntry.of(KernelService.of(id, KernelService.NO_SCHEDULER), List.of()))
                .toList();
    }
}
