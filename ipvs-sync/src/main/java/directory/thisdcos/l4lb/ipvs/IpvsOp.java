package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.netlink.Errno;

/** One change of the kernel's table: one netlink message. */
sealed interface IpvsOp {

    /** The service that it is about. */
    ServiceId id();

    /** What it does; a metric label. */
    String kind();

    /** What it mends when an audit finds it necessary; a metric label. */
    String repairKind();

    /** Whether the kernel's refusal means that what we want is so already. */
    default boolean isDoneDespite(int errno) {
        return false;
    }

    record AddService(KernelService service) implements IpvsOp {
        @Override
        public ServiceId id() {
            return service.id();
        }

        @Override
        public String kind() {
            return "add-service";
        }

        @Override
        public String repairKind() {
            return "service-missing";
        }
    }

    record SetService(KernelService service) implements IpvsOp {
        @Override
        public ServiceId id() {
            return service.id();
        }

        @Override
        public String kind() {
            return "set-service";
        }

        @Override
        public String repairKind() {
            return "service-changed";
        }
    }

    record RemoveService(ServiceId id) implements IpvsOp {
        @Override
        public String kind() {
            return "remove-service";
        }

        @Override
        public String repairKind() {
            return "service-unknown";
        }

        @Override
        public boolean isDoneDespite(int errno) {
            return errno == Errno.ESRCH;
        }
    }

    record AddDestination(ServiceId id, KernelDestination destination) implements IpvsOp {
        @Override
        public String kind() {
            return "add-destination";
        }

        @Override
        public String repairKind() {
            return "destination-missing";
        }
    }

    record SetDestination(ServiceId id, KernelDestination destination) implements IpvsOp {
        @Override
        public String kind() {
            return "set-destination";
        }

        @Override
        public String repairKind() {
            return "destination-changed";
        }
    }

    record RemoveDestination(ServiceId id, Endpoint address) implements IpvsOp {
        @Override
        public String kind() {
            return "remove-destination";
        }

        @Override
        public String repairKind() {
            return "destination-unknown";
        }

        @Override
        public boolean isDoneDespite(int errno) {
            return errno == Errno.ENOENT;
        }
    }
}
