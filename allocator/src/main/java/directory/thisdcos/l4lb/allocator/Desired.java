package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import directory.thisdcos.l4lb.reach.ReachVerdict;
import directory.thisdcos.l4lb.source.BackendChoice;
import directory.thisdcos.l4lb.source.api.ServiceDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    static Desired of(State current, Inventory inventory, Scope scope, long nowMillis) {
        Desired desired = new Desired();
        if (scope.all()) {
            inventory.targets().forEach(target -> desired.add(target, inventory));
            current.vips().forEach(vip -> desired.keep(vip, inventory));
            inventory.tables().forEach(desired::occupyNodes);
        } else {
            scope.targets().forEach(target -> {
                desired.add(target, inventory);
                current.vip(target).ifPresent(vip -> desired.keep(vip, inventory));
            });
        }
        desired.damp(inventory.damper(), nowMillis);
        desired.judge(current, inventory.reach(), inventory.drains());
        desired.occupyBackends();
        return desired;
    }

    private void add(Target target, Inventory inventory) {
        for (ServiceKey key : inventory.keys(target)) {
            Service service = service(key);
            inventory.declared(key).forEach(declared -> {
                service.origins.addAll(declared.origins());
                for (Backend backend : declared.backends()) {
                    service.backends.merge(backend.address(), backend, Desired::choose);
                }
            });
        }
    }

    /**
     * Which of two reports about one address counts. The API's word does whatever another source says: it is an
     * operator's, and what it said is kept in the table alone, which would forget the one that does not count.
     */
    static Backend choose(Backend one, Backend other) {
        boolean isOrder = one.source().equals(ServiceDocument.SOURCE);
        if (isOrder != other.source().equals(ServiceDocument.SOURCE)) {
            return isOrder ? one : other;
        }
        return BackendChoice.between(one, other);
    }

    private void keep(Vip vip, Inventory inventory) {
        vip.services().forEach(service -> keep(service, inventory));
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

    /** What came through the API is kept in the table alone, which must not forget what it said. */
    private static boolean isHeld(ServiceKey key, Backend backend, FlapDamper damper, long nowMillis) {
        return !backend.source().equals(ServiceDocument.SOURCE)
                && backend.health().eligible()
                && damper.holds(key, backend.address(), nowMillis);
    }

    private void damp(FlapDamper damper, long nowMillis) {
        targets.values()
                .forEach(services ->
                        services.forEach((key, service) -> service.backends.replaceAll((address, backend) ->
                                isHeld(key, backend, damper, nowMillis) ? backend.with(Health.FLAPPING) : backend)));
    }

    private void judge(State current, ReachVerdict reach, Drains drains) {
        targets.values()
                .forEach(services -> services.forEach((key, service) -> service.backends.replaceAll(
                        (address, backend) -> placed(judged(backend, reach, drains), reach, current, key))));
    }

    /** A backend with the place that its node's attributes give; what they leave open the source may say. */
    private static Backend placed(Backend backend, ReachVerdict reach, State current, ServiceKey key) {
        Optional<String> place = reach.place(backend);
        if (place.isPresent()) {
            return backend.withZone(Places.over(place.get(), backend.zone()));
        }
        // Nobody has heard of the node since this process began: where the table says it is counts until then.
        return current.service(key)
                .flatMap(held -> Optional.ofNullable(held.backends().get(backend.address())))
                .filter(held -> held.node().equals(backend.node()) && Places.isFilled(held.zone(), backend.zone()))
                .map(held -> backend.withZone(held.zone()))
                .orElse(backend);
    }

    /**
     * A backend whose machine is gone, or that an operator drains, gets no connections; one that only the table still has
     * so comes back. What came through the API and is no backend by its own word stays so: the table alone remembers it.
     */
    static Backend judged(Backend backend, ReachVerdict reach, Drains drains) {
        boolean isMarked = backend.health() == Health.UNREACHABLE || backend.isDrained();
        boolean takes = isMarked || backend.health().eligible();
        if (takes && reach.whyGone(backend).isPresent()) {
            return backend.with(Health.UNREACHABLE);
        }
        if ((takes || !backend.source().equals(ServiceDocument.SOURCE))
                && drains.of(backend).isPresent()) {
            return backend.drained();
        }
        return isMarked ? backend.with(Health.UNCHECKED) : backend;
    }

    private void occupyBackends() {
        targets.values()
                .forEach(services -> services.forEach(
                        (key, service) -> service.backends.values().forEach(backend -> occupy(key, backend))));
    }

    private void occupyNodes(String source, SourceTable table) {
        table.units()
                .values()
                .forEach(unit -> unit.nodes()
                        .forEach(node -> occupied.put(node, "the address of an agent known from " + source)));
    }

    private void occupy(ServiceKey key, Backend backend) {
        String reason = "the address of a backend of " + key.vip();
        occupied.putIfAbsent(backend.address().ip(), reason);
        backend.container().ifPresent(container -> occupied.putIfAbsent(container.ip(), reason));
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
