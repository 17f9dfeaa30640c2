package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.VirtualService;

/**
 * What this node makes of a service by itself: other weights, or another health, for its backends. Called under the
 * engine's lock, from any thread.
 */
@FunctionalInterface
public interface LocalView {
    /** The table's word alone. */
    LocalView NONE = service -> service;

    /** The same service with the same backends. */
    VirtualService of(VirtualService service);
}
