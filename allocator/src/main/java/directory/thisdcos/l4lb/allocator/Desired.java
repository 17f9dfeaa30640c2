package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.VirtualService;
import directory.thisdcos.l4lb.source.BackendChoice;
import directory.thisdcos.l4lb.source.DeclaredService;
import directory.thisdcos.l4lb.source.SourceSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all sources want together: services merged over sources, and beside them what the table holds from sources that
 * have not told everything yet.
 */
final class Desired {

    /** One service, being merged. */
    static final class Service {
        private final TreeSet<Origin> origins = new TreeSet<>();
        private final TreeMap<Endpoint, Backend> backends = new TreeMap<>();

        List<Origin> origins() {
            return List.copyOf(origins);
        }

        SortedMap<Endpoint, Backend> backends() {
            return backends;
        }
    }

    private final SortedMap<Target, SortedMap<ServiceKey, Service>> targets = new TreeMap<>();
    private final Map<Ip, String> occupied = new HashMap<>();

    private Desired() {}

    static Desired of(State current, Inventory inventory) {
        Desired desired = new Desired();
        for (SourceSnapshot snapshot : inventory.snapshots()) {
            snapshot.declarations().services().values().forEach(desired::add);
        }
        current.vips().forEach(vip -> vip.services().forEach(service -> desired.keep(service, inventory)));
        desired.occupy(inventory);
        return desired;
    }

    private void add(DeclaredService declared) {
        Service service = service(declared.key());
        service.origins.addAll(declared.origins());
        for (Backend backend : declared.backends()) {
            service.backends.merge(backend.address(), backend, BackendChoice::between);
        }
    }

    private void keep(VirtualService held, Inventory inventory) {
        ServiceKey key = held.key();
        for (Origin origin : held.spec().origins()) {
            if (inventory.keeps(origin.source(), key)) {
                service(key).origins.add(origin);
            }
        }
        SortedMap<ServiceKey, Service> services = targets.get(key.target());
        Service service = services == null ? null : services.get(key);
        if (service != null) {
            for (Backend backend : held.backends().values()) {
                if (inventory.keeps(backend.source(), key, backend.address())) {
                    service.backends.putIfAbsent(backend.address(), backend);
                }
            }
        }
    }

    private void occupy(Inventory inventory) {
        targets.values()
                .forEach(services -> services.forEach(
                        (key, service) -> service.backends.values().forEach(backend -> occupy(key, backend))));
        for (SourceSnapshot snapshot : inventory.snapshots()) {
            snapshot.declarations()
                    .nodes()
                    .forEach(node -> occupied.put(node, "the address of an agent known from " + snapshot.source()));
        }
    }

    private void occupy(ServiceKey key, Backend backend) {
        String reason = "the address of a backend of " + key.vip();
        occupied.put(backend.address().ip(), reason);
        backend.container().ifPresent(container -> occupied.put(container.ip(), reason));
    }

    private Service service(ServiceKey key) {
        return targets.computeIfAbsent(key.target(), absent -> new TreeMap<>())
                .computeIfAbsent(key, absent -> new Service());
    }

    SortedMap<Target, SortedMap<ServiceKey, Service>> targets() {
        return targets;
    }

    /** Addresses of agents and backends, with the reason why no fixed VIP may be one of them. */
    Map<Ip, String> occupied() {
        return occupied;
    }
}
