package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Target;
import java.util.Collection;
import java.util.Set;

/**
 * At which targets a plan looks: those that something touched, or all.
 *
 * @param targets empty if {@code all}
 */
record Scope(boolean all, Set<Target> targets) {

    static final Scope ALL = new Scope(true, Set.of());

    static Scope of(Collection<Target> targets) {
        return new Scope(false, Set.copyOf(targets));
    }

    boolean covers(Target target) {
        return all || targets.contains(target);
    }

    boolean isEmpty() {
        return !all && targets.isEmpty();
    }
}
