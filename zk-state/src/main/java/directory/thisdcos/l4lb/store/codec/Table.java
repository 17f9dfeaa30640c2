package directory.thisdcos.l4lb.store.codec;

import directory.thisdcos.l4lb.model.State;
import java.time.Instant;

/**
 * A whole table, as a node keeps it in a file.
 *
 * @param cluster the id of the cluster whose table it is
 * @param saved when it was written
 */
public record Table(String cluster, Instant saved, State state) {}
