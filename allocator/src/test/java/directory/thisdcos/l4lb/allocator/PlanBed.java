package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.VirtualService;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.SourceUpdate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Two sources, a planner and the table that it makes; each plan is checked to leave nothing for a second one. */
abstract class PlanBed {
    static final Duration QUARANTINE = Duration.ofMinutes(10);
    static final DangerousAddresses NO_DANGER = new DangerousAddresses(Map.of());
    static final Pools TINY = new Pools(IpRange.parse("11.0.0.1-11.0.0.2"), IpRange.parse("fd01:c::1-fd01:c::2"));

    long now = 1000;
    long watchedFrom;
    Pools pools = Pools.DEFAULT;
    DangerousAddresses danger = NO_DANGER;
    Inventory inventory = inventory("a", "b");
    State state = State.EMPTY;
    Plan plan = new Plan(List.of(), new TreeMap<>());

    static Inventory inventory(String... sources) {
        return new Inventory(Set.of(sources), new FlapDamper(FlapSettings.OFF));
    }

    void say(SourceUpdate... updates) {
        for (SourceUpdate update : updates) {
            inventory.apply(update, now);
        }
        run();
    }

    void run() {
        Planner planner = new Planner(pools, new Quarantine(QUARANTINE, watchedFrom), BalancingOptions.NONE);
        plan = planner.plan(state, inventory, Scope.ALL, danger, now);
        state = state.fold(plan.changes());
        Plan again = planner.plan(state, inventory, Scope.ALL, danger, now);
        assertEquals(List.of(), again.changes(), "a second plan changes nothing");
        assertEquals(plan.problems(), again.problems());
    }

    List<Problem> found() {
        return plan.problems().values().stream().flatMap(List::stream).toList();
    }

    Allocation allocation(String label) {
        return state.allocation(Said.name(label)).orElseThrow();
    }

    VirtualService service(String label) {
        return state.service(Said.key(label)).orElseThrow();
    }

    List<String> problems() {
        return found().stream()
                .map(problem -> problem.kind() + " " + problem.subject())
                .toList();
    }
}
