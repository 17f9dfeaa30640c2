package directory.thisdcos.l4lb.model;

/**
 * One step from a state to the next. Keyed and idempotent: the last change of a key wins, so replaying a prefix twice
 * does no harm. A change that refers to a service that is not there does nothing.
 */
public sealed interface Change {

    /** The pools from which names are allocated. */
    record PoolsPut(Pools pools) implements Change {}

    /** A name's addresses, or their quarantine. */
    record AllocationPut(Allocation allocation) implements Change {}

    /** A name's addresses are free again. */
    record AllocationRemoved(ServiceName name) implements Change {}

    /** Declares a virtual service, or changes its spec and keeps its backends. */
    record ServicePut(ServiceKey key, ServiceSpec spec) implements Change {}

    /** Removes a virtual service with its backends. */
    record ServiceRemoved(ServiceKey key) implements Change {}

    /** Adds a backend or changes one, by its address. */
    record BackendPut(ServiceKey key, Backend backend) implements Change {}

    /** Removes a backend. */
    record BackendRemoved(ServiceKey key, Endpoint address) implements Change {}
}
