package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.List;

/**
 * What to do, and what could not be done.
 *
 * @param changes in the order in which they must be committed
 */
record Plan(List<Change> changes, List<Problem> problems) {
    Plan {
        changes = List.copyOf(changes);
        problems = problems.stream().distinct().sorted().toList();
    }
}
