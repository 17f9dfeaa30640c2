package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What to do, and what could not be done.
 *
 * @param changes in the order in which they must be committed
 * @param problems by the target that has them, within the plan's scope
 */
record Plan(List<Change> changes, SortedMap<Target, List<Problem>> problems) {
    Plan {
        changes = List.copyOf(changes);
        problems = Collections.unmodifiableSortedMap(new TreeMap<>(problems));
    }
}
