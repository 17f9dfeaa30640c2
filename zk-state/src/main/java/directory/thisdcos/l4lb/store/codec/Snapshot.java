package directory.thisdcos.l4lb.store.codec;

import directory.thisdcos.l4lb.model.Pools;
import java.util.Optional;

/**
 * The promise that every shard contains all batches up to {@code seq}.
 *
 * @param pools the pools at {@code seq}; absent before they were first set
 */
public record Snapshot(long seq, Optional<Pools> pools) {}
