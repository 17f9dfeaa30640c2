package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.State;
import java.util.List;

/** The leader's way to change the table. For one thread. */
public interface StateJournal {

    /**
     * Becomes the writer: reads the newest state and fences every earlier writer.
     *
     * @return the state on which to plan
     */
    State takeOver() throws StoreException;

    /**
     * Commits changes in order, in as many batches as the size limits ask for; each batch is atomic. A change that is
     * too large for any batch is left out, see {@link #refusals}; the returned state does without it.
     *
     * @param causes who wanted them and why; told to every follower with the changes
     * @return the state after the last batch; the same object if there was nothing to commit
     * @throws FencedException if another writer took over; then nothing more may be appended before {@link #takeOver}
     * @throws StoreException if ZooKeeper cannot be reached; what landed is found out by {@link #takeOver}
     */
    State append(List<Change> changes, List<Cause> causes) throws StoreException;

    /** The same for what nobody in particular wanted. */
    default State append(List<Change> changes) throws StoreException {
        return append(changes, List.of());
    }

    /** What operators drained when {@link #takeOver} read it, and what {@link #drain} stored since. */
    Drains drains();

    /**
     * Stores what is drained from now on, in place of what was.
     *
     * @throws FencedException if another writer took over, and nothing was stored
     * @throws StoreException if ZooKeeper cannot be reached, or will not have it; {@link #takeOver} reads what it holds
     */
    void drain(Drains drains) throws StoreException;

    /**
     * Does a little of the work that {@link #append} would else do along the way, in some milliseconds; for a moment in
     * which nothing waits to be appended.
     *
     * @return whether there is more of it
     * @throws StoreException as of {@link #append}
     */
    boolean tidy() throws StoreException;

    /** What the last {@link #append} left out, and why. It is missing until it is offered again and fits. */
    List<Refusal> refusals();
}
