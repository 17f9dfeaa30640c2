package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * Decides which target may have a firewall mark: a mark is one virtual service in the kernel, so two targets with one
 * would get each other's connections. Who has it keeps it for as long as it asks for it.
 */
final class Fwmarks {

    private Fwmarks() {}

    /** Whether a target has one in the table. */
    static boolean has(State current, Target target) {
        return current.vip(target).stream().anyMatch(Fwmarks::has);
    }

    private static boolean has(Vip vip) {
        return vip.services().stream().anyMatch(service -> mark(service.spec()) != 0);
    }

    /** Takes marks away from who may not have them. */
    static void settle(State current, Scope scope, SortedMap<ServiceKey, ServiceSpec> wanted, PlanProblems problems) {
        if (wanted.values().stream().allMatch(spec -> mark(spec) == 0)) {
            return;
        }
        Map<Integer, Target> holders = holders(current, scope, wanted);
        wanted.replaceAll((key, spec) -> {
            if (mark(spec) == 0) {
                return spec;
            }
            Target holder = holders.computeIfAbsent(mark(spec), mark -> key.target());
            if (holder.equals(key.target())) {
                return spec;
            }
            problems.add(key.target(), taken(key, mark(spec), holder));
            return spec.withFwmark(0);
        });
    }

    /** Who has a mark in the table, and still asks for it or is not looked at. */
    private static Map<Integer, Target> holders(State current, Scope scope, SortedMap<ServiceKey, ServiceSpec> wanted) {
        Map<Integer, Target> holders = new HashMap<>();
        current.vips()
                .filter(Fwmarks::has)
                .forEach(vip -> vip.services().stream()
                        .map(service -> mark(service.spec()))
                        .filter(mark -> mark != 0)
                        .filter(mark -> !scope.covers(vip.target()) || asks(vip.target(), mark, wanted))
                        .forEach(mark -> holders.put(mark, vip.target())));
        return holders;
    }

    private static boolean asks(Target target, int mark, SortedMap<ServiceKey, ServiceSpec> wanted) {
        return wanted.entrySet().stream()
                .anyMatch(entry -> entry.getKey().target().equals(target) && mark(entry.getValue()) == mark);
    }

    private static int mark(ServiceSpec spec) {
        return spec.balancing().fwmark();
    }

    private static Problem taken(ServiceKey key, int mark, Target holder) {
        return new Problem(
                "fwmark-taken",
                key.toString(),
                "fwmark " + mark + " belongs to " + holder.text() + "; this service is balanced without one; choose"
                        + " another mark");
    }
}
