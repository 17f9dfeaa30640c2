package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.State;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * On what terms something is ordered.
 *
 * @param cause who wants it and why
 * @param condition called on the allocator's thread with the table that will be changed, so that nothing comes between the
 *     look and the change; what it throws is the order's outcome
 */
public record Ordering(Cause cause, Optional<Consumer<State>> condition) {

    /** In any case. */
    public Ordering(Cause cause) {
        this(cause, Optional.empty());
    }
}
