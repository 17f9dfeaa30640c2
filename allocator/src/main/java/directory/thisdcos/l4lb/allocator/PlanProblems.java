package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects what a plan could not do. For one thread. */
final class PlanProblems {
    private final SortedMap<Target, List<Problem>> byTarget = new TreeMap<>();

    void add(Target target, Problem problem) {
        byTarget.computeIfAbsent(target, absent -> new ArrayList<>(1)).add(problem);
    }

    SortedMap<Target, List<Problem>> byTarget() {
        return byTarget;
    }
}
