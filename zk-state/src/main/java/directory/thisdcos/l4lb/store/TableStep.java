package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.State;
import java.util.Optional;

/**
 * What brought a follower from one table to the next.
 *
 * @param table after it
 * @param batch that led to it from the table before; empty where the table was loaded whole
 * @param committedMillis when that was committed, by ZooKeeper's clock, in milliseconds since 1970
 */
public record TableStep(State table, Optional<Batch> batch, long committedMillis) {}
