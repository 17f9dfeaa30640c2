package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Drain;
import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares what should be with what is. Pure: equal input gives an equal plan, and the plan for a state to which the
 * plan was applied is empty. A plan looks at all targets or only at some; as long as what is beside them stays as it is,
 * both come to the same state ({@link Scopes} sees to it).
 *
 * <p>The order of the changes keeps every prefix sound, since they may be committed in several batches: what goes, goes
 * first; a name has its address before its services; a backend is there before the one that it replaces goes.
 */
final class Planner {
    private final Pools pools;
    private final Quarantine quarantine;
    private final BalancingOptions balancing;

    /** @param balancing what holds where no label says otherwise */
    Planner(Pools pools, Quarantine quarantine, BalancingOptions balancing) {
        this.pools = pools;
        this.quarantine = quarantine;
        this.balancing = balancing;
    }

    Plan plan(State current, Inventory inventory, Scope scope, DangerousAddresses dangerous, long nowMillis) {
        Desired desired = Desired.of(current, inventory, scope, nowMillis);
        PlanProblems problems = new PlanProblems();
        SortedMap<Target, SortedMap<ServiceKey, Desired.Service>> wanted = desired.targets();

        NamePlan names = new NamePlan(current, scope, pools, quarantine, nowMillis, problems);
        names.retire(wanted.keySet(), inventory.isSettled());
        boolean hasFixed = wanted.keySet().stream().anyMatch(target -> target instanceof FixedAddress);
        Claims claims = new Claims(current, pools, names, hasFixed ? dangerous.with(desired.occupied()) : dangerous);
        claims.settle(wanted, problems);
        names.allocate(wanted, claims.accepted());
        wanted.keySet().removeAll(names.withoutAddress());

        List<Change> changes = new ArrayList<>();
        if (!current.pools().equals(Optional.of(pools))) {
            changes.add(new Change.PoolsPut(pools));
        }
        changes.addAll(removals(current, scope, wanted));
        changes.addAll(names.changes());
        SortedMap<ServiceKey, ServiceSpec> specs = new TreeMap<>();
        wanted.values()
                .forEach(services -> services.forEach((key, service) ->
                        specs.put(key, spec(current.service(key), key, service, nowMillis, problems))));
        Fwmarks.settle(current, scope, specs, problems);
        changes.addAll(freedMarks(current, specs));
        wanted.values()
                .forEach(services -> services.forEach((key, service) -> {
                    ServiceSpec spec = Objects.requireNonNull(specs.get(key));
                    putService(current.service(key), key, spec, service, changes);
                    report(key, spec, service, inventory.drains(), problems);
                }));
        return new Plan(changes, problems.byTarget());
    }

    private static void report(
            ServiceKey key, ServiceSpec spec, Desired.Service service, Drains drains, PlanProblems problems) {
        drained(service, drains)
                .ifPresent(drain -> problems.add(
                        key.target(),
                        new Problem(
                                "all-drained",
                                key.toString(),
                                "no backend is left that takes new connections: " + drain.text()
                                        + "; `l4lb undrain " + drain.kind().text() + " " + drain.what()
                                        + "` ends it")));
        if (spec.isCollision()) {
            problems.add(key.target(), collision(key, spec));
        }
        for (Backend backend : service.backends().values()) {
            if (backend.health() == Health.FLAPPING) {
                problems.add(
                        key.target(),
                        new Problem(
                                "flapping",
                                key + " " + backend.address(),
                                "task " + backend.task() + " became unhealthy again and again; it gets no new"
                                        + " connections until it has been healthy for a while"));
            }
        }
    }

    /** The drain to which a service lost the last backend that would take connections. */
    private static Optional<Drain> drained(Desired.Service service, Drains drains) {
        return service.backends().values().stream().anyMatch(backend -> backend.share() > 0)
                ? Optional.empty()
                : service.backends().values().stream()
                        .filter(Backend::isDrained)
                        .flatMap(backend -> drains.of(backend).stream())
                        .findFirst();
    }

    /** When the next quarantine ends, in milliseconds since the epoch; the end of time if there is none. */
    long nextExpiry(State state, long nowMillis) {
        return state.vips()
                .flatMap(vip -> vip.allocation().stream())
                .mapToLong(allocation -> quarantine.nextEnd(allocation, nowMillis))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** When the first of the quarantines that these changes begin ends. */
    long nextExpiry(List<Change> changes, long nowMillis) {
        return quarantine.nextEnd(changes, nowMillis);
    }

    private static List<Change> removals(
            State current, Scope scope, Map<Target, SortedMap<ServiceKey, Desired.Service>> wanted) {
        Set<ServiceKey> gone = new TreeSet<>();
        Stream<Vip> vips =
                scope.all() ? current.vips() : scope.targets().stream().flatMap(target -> current.vip(target).stream());
        vips.forEach(vip -> {
            SortedMap<ServiceKey, Desired.Service> services = wanted.get(vip.target());
            for (VirtualService service : vip.services()) {
                if (services == null || !services.containsKey(service.key())) {
                    gone.add(service.key());
                }
            }
        });
        return gone.stream().<Change>map(Change.ServiceRemoved::new).toList();
    }

    /** A mark that goes to another has left its last holder before. */
    private static List<Change> freedMarks(State current, SortedMap<ServiceKey, ServiceSpec> specs) {
        List<Change> freed = new ArrayList<>();
        specs.forEach((key, spec) -> current.service(key)
                .map(VirtualService::spec)
                .filter(held -> held.balancing().fwmark() != 0
                        && held.balancing().fwmark() != spec.balancing().fwmark())
                .ifPresent(held -> freed.add(new Change.ServicePut(key, held.withFwmark(0)))));
        return freed;
    }

    private ServiceSpec spec(
            Optional<VirtualService> held,
            ServiceKey key,
            Desired.Service service,
            long nowMillis,
            PlanProblems problems) {
        List<String> faults = new ArrayList<>();
        Balancing wanted = BalancingOptions.of(service.origins(), faults).over(balancing, key, faults);
        faults.forEach(fault -> problems.add(key.target(), new Problem("vip-option", key.toString(), fault)));
        return new ServiceSpec(
                wanted, service.origins(), held.map(old -> old.spec().since()).orElse(nowMillis));
    }

    private static void putService(
            Optional<VirtualService> held,
            ServiceKey key,
            ServiceSpec spec,
            Desired.Service service,
            List<Change> changes) {
        if (!held.map(VirtualService::spec).equals(Optional.of(spec))) {
            changes.add(new Change.ServicePut(key, spec));
        }
        Map<?, Backend> before = held.map(VirtualService::backends).orElseGet(Collections::emptySortedMap);
        service.backends().forEach((address, backend) -> {
            if (!backend.equals(before.get(address))) {
                changes.add(new Change.BackendPut(key, backend));
            }
        });
        for (Backend backend : before.values()) {
            if (!service.backends().containsKey(backend.address())) {
                changes.add(new Change.BackendRemoved(key, backend.address()));
            }
        }
    }

    private static Problem collision(ServiceKey key, ServiceSpec spec) {
        List<String> labels = spec.origins().stream()
                .map(origin -> "'" + origin.label() + "' of " + Planner.owner(origin))
                .toList();
        return new Problem(
                "name-collision",
                key.toString(),
                "different labels give this one name, so their backends are one service: " + String.join(", ", labels)
                        + "; rename all but one");
    }

    /** Who declares something, for problems. */
    static String owner(Origin origin) {
        return origin.owner() + " (" + origin.framework() + ")";
    }
}
