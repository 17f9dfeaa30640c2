package directory.thisdcos.l4lb.model;

import java.util.Collection;
import java.util.SortedMap;

/** A virtual service and its backends by address. Immutable. */
public final class VirtualService {
    private final ServiceKey key;
    private final ServiceSpec spec;
    private final Backends backends;

    /** The sum of the backends' digests: it is there when a table is read, and they need not be looked at again. */
    private final long digest;

    private VirtualService(ServiceKey key, ServiceSpec spec, Backends backends, long digest) {
        this.key = key;
        this.spec = spec;
        this.backends = backends;
        this.digest = digest;
    }

    static VirtualService empty(ServiceKey key, ServiceSpec spec) {
        return new VirtualService(key, spec, Backends.NONE, 0);
    }

    /** With the given backends; of two with one address the last wins. */
    public static VirtualService of(ServiceKey key, ServiceSpec spec, Collection<Backend> backends) {
        return of(key, spec, Backends.of(backends));
    }

    /** The same with what was collected. */
    public static VirtualService of(ServiceKey key, ServiceSpec spec, BackendsBuilder backends) {
        return of(key, spec, Backends.of(backends.build()));
    }

    private static VirtualService of(ServiceKey key, ServiceSpec spec, Backends backends) {
        return new VirtualService(key, spec, backends, backends.digest(key));
    }

    VirtualService with(ServiceSpec newSpec) {
        return new VirtualService(key, newSpec, backends, digest);
    }

    /** With these backends instead. */
    VirtualService with(SortedMap<Endpoint, Backend> newBackends) {
        return of(key, spec, newBackends.values());
    }

    public ServiceKey key() {
        return key;
    }

    public ServiceSpec spec() {
        return spec;
    }

    long backendsDigest() {
        return digest;
    }

    /** Sorted by address; never changes. */
    public SortedMap<Endpoint, Backend> backends() {
        return backends;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VirtualService that
                && key.equals(that.key)
                && spec.equals(that.spec)
                && backends.equals(that.backends);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + backends.hashCode();
    }

    @Override
    public String toString() {
        return key + " " + backends.values();
    }
}
