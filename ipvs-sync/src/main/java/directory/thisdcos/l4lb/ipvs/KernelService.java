package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Family;
import java.util.ArrayList;
import java.util.List;

/**
 * A service as the kernel keeps it, without its destinations.
 *
 * @param scheduler name of the scheduler, {@value #NO_SCHEDULER} for none
 * @param flags IP_VS_SVC_F_*, without HASHED, which is the kernel's own
 * @param timeoutSeconds of persistence; kept but unused without it
 * @param netmask of persistence: IPv4 a mask, IPv6 a prefix length; the kernel refuses 0 for IPv6
 * @param persistenceEngine empty for none
 */
record KernelService(
        ServiceId id, String scheduler, int flags, int timeoutSeconds, int netmask, String persistenceEngine) {

    /** With it a service refuses every connection (ICMP port unreachable), whatever its destinations. */
    static final String NO_SCHEDULER = "none";

    /** IP_VS_SVC_F_* (include/uapi/linux/ip_vs.h). */
    static final int PERSISTENT = 0x1;

    /** Each datagram is scheduled by itself. */
    static final int ONE_PACKET = 0x4;

    /** sh-fallback, mh-fallback: another server instead of a refusal where the hash says one of weight 0. */
    static final int FALLBACK = 0x8;

    /** sh-port, mh-port: the source port is part of what is hashed. */
    static final int HASH_PORT = 0x10;

    /** Without flags and persistence. */
    static KernelService of(ServiceId id, String scheduler) {
        return new KernelService(id, scheduler, 0, 0, id.family() == Family.V4 ? 0xffff_ffff : 128, "");
    }

    /**
     * As a service's options want it. Schedulers that hash always fall back.
     *
     * @param udp whether all that it serves is UDP
     */
    static KernelService of(ServiceId id, Balancing balancing, boolean udp) {
        int flags = 0;
        if (balancing.scheduler().hashes()) {
            flags = balancing.hashPort() ? FALLBACK | HASH_PORT : FALLBACK;
        }
        if (balancing.persistenceSeconds() > 0) {
            flags |= PERSISTENT;
        }
        if (balancing.onePacket() && udp) {
            flags |= ONE_PACKET;
        }
        KernelService plain = of(id, balancing.scheduler().text());
        return new KernelService(id, plain.scheduler, flags, balancing.persistenceSeconds(), plain.netmask, "");
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** As ipvsadm names the flags of schedulers, and {@code ops}. */
    List<String> flagNames() {
        List<String> names = new ArrayList<>();
        boolean named = scheduler.equals("sh") || scheduler.equals("mh");
        if (has(ONE_PACKET)) {
            names.add("ops");
        }
        if (has(FALLBACK)) {
            names.add(named ? scheduler + "-fallback" : "flag-1");
        }
        if (has(HASH_PORT)) {
            names.add(named ? scheduler + "-port" : "flag-2");
        }
        return names;
    }

    /** The same with a scheduler that hashes nothing. */
    KernelService withScheduler(String other) {
        return new KernelService(
                id, other, flags & ~(FALLBACK | HASH_PORT), timeoutSeconds, netmask, persistenceEngine);
    }

    /** The same before it takes connections. */
    KernelService unpublished() {
        return new KernelService(id, NO_SCHEDULER, flags, timeoutSeconds, netmask, persistenceEngine);
    }
}
