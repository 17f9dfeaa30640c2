package directory.thisdcos.l4lb.model;

import java.util.List;

/**
 * Changes that are committed together.
 *
 * @param epoch counts the writers: each new leader adds one
 * @param seq counts the batches without a gap, from 1
 * @param stateHash {@link State#hash()} after this batch, by which a follower notices that it diverged
 */
public record Batch(long epoch, long seq, long stateHash, List<Change> changes) {
    public Batch {
        changes = List.copyOf(changes);
    }
}
