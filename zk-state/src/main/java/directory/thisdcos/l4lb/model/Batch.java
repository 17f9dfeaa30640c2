package directory.thisdcos.l4lb.model;

import java.util.List;

/**
 * Changes that are committed together.
 *
 * @param epoch counts the writers: each new leader adds one
 * @param seq counts the batches without a gap, from 1
 * @param stateHash {@link State#hash()} after this batch, by which a follower notices that it diverged
 * @param causes who wanted it and why, where that is known; not part of the state
 */
public record Batch(long epoch, long seq, long stateHash, List<Change> changes, List<Cause> causes) {
    public Batch {
        changes = List.copyOf(changes);
        causes = List.copyOf(causes);
    }

    /** One that nobody in particular wanted. */
    public Batch(long epoch, long seq, long stateHash, List<Change> changes) {
        this(epoch, seq, stateHash, changes, List.of());
    }
}
