package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.DeclaredService;
import directory.thisdcos.l4lb.source.Exclusion;
import directory.thisdcos.l4lb.source.SourceUpdate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one source says now, by unit and by service. For one thread.
 *
 * <p>It remembers too what was ever mentioned, until {@link #forgetMentions}: what a source mentioned since the start and
 * then does not any more is gone, while of the rest its silence says nothing before it told everything.
 */
final class SourceTable {

    /** Told of each unit that differs from what it was. */
    interface Listener {
        void changed(Declarations before, Declarations after);
    }

    private final Map<String, Declarations> units = new HashMap<>();
    private final Map<ServiceKey, Map<String, DeclaredService>> services = new HashMap<>();
    private final Map<ServiceKey, Set<Endpoint>> mentioned = new HashMap<>();
    private final Set<String> withProblems = new TreeSet<>();
    private final Map<Exclusion.Reason, Integer> exclusions = new EnumMap<>(Exclusion.Reason.class);
    private boolean remembers = true;
    private boolean complete;
    private int backends;

    /** Takes a step; whether it made the source complete or changed its problems is seen by asking. */
    void apply(SourceUpdate update, Listener listener) {
        complete |= update.complete();
        if (update.whole()) {
            Set<String> gone = new HashSet<>(units.keySet());
            gone.removeAll(update.units().keySet());
            gone.forEach(unit -> replace(unit, Declarations.NONE, listener));
        }
        update.gone().forEach(unit -> replace(unit, Declarations.NONE, listener));
        update.units().forEach((unit, now) -> replace(unit, now, listener));
    }

    private void replace(String unit, Declarations now, Listener listener) {
        Declarations before = units.getOrDefault(unit, Declarations.NONE);
        if (before.equals(now)) {
            return;
        }
        if (now.equals(Declarations.NONE)) {
            units.remove(unit);
        } else {
            units.put(unit, now);
        }
        before.services().keySet().forEach(key -> unlink(key, unit));
        now.services().forEach((key, service) -> link(key, unit, service));
        if (now.problems().isEmpty()) {
            withProblems.remove(unit);
        } else {
            withProblems.add(unit);
        }
        before.exclusions().forEach(exclusion -> exclusions.merge(exclusion.reason(), -1, Integer::sum));
        now.exclusions().forEach(exclusion -> exclusions.merge(exclusion.reason(), 1, Integer::sum));
        backends += now.backendCount() - before.backendCount();
        listener.changed(before, now);
    }

    private void link(ServiceKey key, String unit, DeclaredService service) {
        services.computeIfAbsent(key, absent -> new HashMap<>(2)).put(unit, service);
        if (remembers) {
            Set<Endpoint> addresses = mentioned.computeIfAbsent(key, absent -> new HashSet<>(2));
            service.backends().forEach(backend -> addresses.add(backend.address()));
        }
    }

    private void unlink(ServiceKey key, String unit) {
        Map<String, DeclaredService> byUnit = services.get(key);
        if (byUnit != null) {
            byUnit.remove(unit);
            if (byUnit.isEmpty()) {
                services.remove(key);
            }
        }
    }

    /** From now on its silence means that there is nothing. */
    void forgetMentions() {
        remembers = false;
        mentioned.clear();
    }

    boolean mentions(ServiceKey key) {
        return mentioned.containsKey(key);
    }

    boolean mentions(ServiceKey key, Endpoint address) {
        return mentioned.getOrDefault(key, Set.of()).contains(address);
    }

    /** Whether it told of everything once since the start. */
    boolean isComplete() {
        return complete;
    }

    /** What its units say of a service, in no order. */
    Collection<DeclaredService> declared(ServiceKey key) {
        return services.getOrDefault(key, Map.of()).values();
    }

    Set<ServiceKey> keys() {
        return Collections.unmodifiableSet(services.keySet());
    }

    Map<String, Declarations> units() {
        return Collections.unmodifiableMap(units);
    }

    /** Reports over all units; two units may report one address. */
    int backendCount() {
        return backends;
    }

    /** Number of reports that are no backend, by reason; a reason that was once there stays with 0. */
    Map<Exclusion.Reason, Integer> exclusions() {
        return Collections.unmodifiableMap(exclusions);
    }

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        withProblems.forEach(unit ->
                problems.addAll(units.getOrDefault(unit, Declarations.NONE).problems()));
        return problems;
    }
}
