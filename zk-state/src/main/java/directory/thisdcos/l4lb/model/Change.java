package directory.thisdcos.l4lb.model;

import java.util.Optional;

/**
 * One step from a state to the next. Keyed and idempotent: the last change of a key wins, so replaying a prefix twice
 * does no harm. A change that refers to a service that is not there does nothing.
 */
public sealed interface Change {

    /** The one target that it touches; empty for a setting of the whole table. */
    Optional<Target> target();

    /** The pools from which names are allocated. */
    record PoolsPut(Pools pools) implements Change {
        @Override
        public Optional<Target> target() {
            return Optional.empty();
        }
    }

    /** A name's addresses, or their quarantine. */
    record AllocationPut(Allocation allocation) implements Change {
        @Override
        public Optional<Target> target() {
            return Optional.of(allocation.name());
        }
    }

    /** A name's addresses are free again. */
    record AllocationRemoved(ServiceName name) implements Change {
        @Override
        public Optional<Target> target() {
            return Optional.of(name);
        }
    }

    /** Declares a virtual service, or changes its spec and keeps its backends. */
    record ServicePut(ServiceKey key, ServiceSpec spec) implements Change {
        @Override
        public Optional<Target> target() {
            return Optional.of(key.target());
        }
    }

    /** Removes a virtual service with its backends. */
    record ServiceRemoved(ServiceKey key) implements Change {
        @Override
        public Optional<Target> target() {
            return Optional.of(key.target());
        }
    }

    /** Adds a backend or changes one, by its address. */
    record BackendPut(ServiceKey key, Backend backend) implements Change {
        @Override
        public Optional<Target> target() {
            return Optional.of(key.target());
        }
    }

    /** Removes a backend. */
    record BackendRemoved(ServiceKey key, Endpoint address) implements Change {
        @Override
        public Optional<Target> target() {
            return Optional.of(key.target());
        }
    }
}
