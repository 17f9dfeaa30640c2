package directory.thisdcos.l4lb.source;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Health;
import java.util.Comparator;
import java.util.List;

/**
 * Which of two reports about one address counts. Symmetric: the result does not depend on who came first.
 *
 * <p>An eligible instance beats one that is not: a new task may run on the port of one that is being killed. Two reports
 * about the same task come from two observers, and the one that saw trouble knows more: Marathon's own checks are
 * invisible to Mesos.
 */
public final class BackendChoice {

    private static final List<Health> MOST_TELLING_FIRST = List.of(
            Health.DRAINING, Health.FLAPPING, Health.UNHEALTHY, Health.PENDING, Health.HEALTHY, Health.UNCHECKED);

    private static final Comparator<Backend> BY_TEXT =
            Comparator.comparing(Backend::task).thenComparing(Backend::source).thenComparing(Backend::toString);

    private static final Comparator<Backend> SAME_TASK = Comparator.<Backend>comparingInt(
                    backend -> MOST_TELLING_FIRST.indexOf(backend.health()))
            .thenComparing(BY_TEXT);

    private static final Comparator<Backend> OTHER_TASK = Comparator.<Backend, Boolean>comparing(
                    backend -> !backend.health().eligible())
            .thenComparing(BY_TEXT);

    private BackendChoice() {}

    public static Backend between(Backend one, Backend other) {
        Comparator<Backend> order = one.task().equals(other.task()) ? SAME_TASK : OTHER_TASK;
        return order.compare(one, other) <= 0 ? one : other;
    }
}
