package directory.thisdcos.l4lb.model;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A virtual service and its backends by address. Immutable. */
public final class VirtualService {
    private final ServiceKey key;
    private final ServiceSpec spec;
    private final SortedMap<Endpoint, Backend> backends;

    private VirtualService(ServiceKey key, ServiceSpec spec, SortedMap<Endpoint, Backend> backends) {
        this.key = key;
        this.spec = spec;
        this.backends = backends;
    }

    static VirtualService empty(ServiceKey key, ServiceSpec spec) {
        return new VirtualService(key, spec, Collections.emptySortedMap());
    }

    /** With the given backends; of two with one address the last wins. */
    public static VirtualService of(ServiceKey key, ServiceSpec spec, Collection<Backend> backends) {
        TreeMap<Endpoint, Backend> sorted = new TreeMap<>();
        backends.forEach(backend -> sorted.put(backend.address(), backend));
        return new VirtualService(key, spec, Collections.unmodifiableSortedMap(sorted));
    }

    VirtualService with(ServiceSpec newSpec) {
        return new VirtualService(key, newSpec, backends);
    }

    /** With these backends instead, which the caller does not change any more. */
    VirtualService with(SortedMap<Endpoint, Backend> newBackends) {
        return new VirtualService(key, spec, Collections.unmodifiableSortedMap(newBackends));
    }

    public ServiceKey key() {
        return key;
    }

    public ServiceSpec spec() {
        return spec;
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
