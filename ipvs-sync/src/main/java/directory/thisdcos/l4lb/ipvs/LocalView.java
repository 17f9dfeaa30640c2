package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.VirtualService;

/**
 * What this node makes of a service by itself: other weights, or another health, for its backends. Called under the
 * lock of an engine, from any thread; engines of several network namespaces call at the same time.
 */
@FunctionalInterface
public interface LocalView {
    /** The table's word alone. */
    LocalView NONE = service -> service;

    /** The same service with the same backends. */
    VirtualService of(VirtualService service);
}
