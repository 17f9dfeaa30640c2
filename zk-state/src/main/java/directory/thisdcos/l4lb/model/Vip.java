package directory.thisdcos.l4lb.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that is known of one target: the addresses of a name, and its virtual services. A fixed address is claimed for as
 * long as it has a virtual service.
 *
 * @param allocation present for a name, absent for a fixed address
 * @param services sorted by protocol and port
 */
public record Vip(Target target, Optional<Allocation> allocation, List<VirtualService> services) {

    static Vip empty(Target target) {
        return new Vip(target, Optional.empty(), List.of());
    }

    public static Vip of(Target target, Optional<Allocation> allocation, Collection<VirtualService> services) {
        if (services.size() < 2) {
            return new Vip(target, allocation, List.copyOf(services));
        }
        TreeMap<ServiceKey, VirtualService> sorted = new TreeMap<>();
        services.forEach(service -> sorted.put(service.key(), service));
        return new Vip(target, allocation, List.copyOf(sorted.values()));
    }

    public Optional<VirtualService> service(ServiceKey key) {
        return services.stream().filter(service -> service.key().equals(key)).findFirst();
    }

    /** Whether clients may use it: a declared name, or a claimed address. */
    public boolean isLive() {
        return !services.isEmpty() && (target instanceof FixedAddress || allocation.isPresent());
    }

    /** The addresses at which the kernel listens: those of the allocation, or the fixed one. */
    public List<Ip> addresses() {
        return target instanceof FixedAddress fixed
                ? List.of(fixed.ip())
                : allocation.map(Allocation::addresses).orElse(List.of());
    }

    boolean isVoid() {
        return allocation.isEmpty() && services.isEmpty();
    }

    Vip with(Optional<Allocation> newAllocation) {
        return new Vip(target, newAllocation, services);
    }

    Vip with(VirtualService service) {
        TreeMap<ServiceKey, VirtualService> sorted = new TreeMap<>();
        services.forEach(old -> sorted.put(old.key(), old));
        sorted.put(service.key(), service);
        return new Vip(target, allocation, List.copyOf(sorted.values()));
    }

    Vip without(ServiceKey key) {
        return new Vip(
                target,
                allocation,
                services.stream().filter(service -> !service.key().equals(key)).toList());
    }
}
