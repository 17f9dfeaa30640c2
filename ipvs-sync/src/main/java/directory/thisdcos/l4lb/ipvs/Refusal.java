package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.Errno;

/** What an error number of IPVS means to an operator. */
final class Refusal {
    private Refusal() {}

    static String explain(IpvsOp operation, int errno) {
        if (errno == Errno.ENOENT && operation instanceof IpvsOp.AddService add) {
            return unknownScheduler(add.service());
        }
        if (errno == Errno.ENOENT && operation instanceof IpvsOp.SetService set) {
            return unknownScheduler(set.service());
        }
        if (errno == Errno.EPERM) {
            return "EPERM (needs CAP_NET_ADMIN: run as root)";
        }
        if (errno == Errno.EINVAL
                && operation instanceof IpvsOp.AddDestination add
                && add.id().family() != add.destination().address().ip().family()) {
            return "EINVAL (the kernel takes no server of the other family while it runs a connection-sync daemon)";
        }
        return Errno.name(errno);
    }

    private static String unknownScheduler(KernelService service) {
        return "ENOENT (this kernel has no scheduler " + service.scheduler() + ": is the module ip_vs_"
                + service.scheduler() + " installed?)";
    }
}
