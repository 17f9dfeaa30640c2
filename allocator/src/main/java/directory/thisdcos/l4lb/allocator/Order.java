package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.State;
import java.util.List;

/**
 * What an operator wants to be changed in the table. Decided on the allocator's thread against the newest table, and
 * committed with what the sources want. Deciding may be repeated, after a commit whose outcome is unknown: what is so
 * already is no change and no refusal.
 *
 * @param <R> what its giver learns once it is committed
 */
public interface Order<R> {

    /** What to change, which must be sound by itself, or why not. */
    Decision<R> decide(State current, Circumstances circumstances) throws OrderRefusedException;

    /** @param result given out when the changes are committed */
    record Decision<R>(List<Change> changes, R result) {
        public Decision {
            changes = List.copyOf(changes);
        }

        /** Nothing to change. */
        static <R> Decision<R> already(R result) {
            return new Decision<>(List.of(), result);
        }
    }
}
