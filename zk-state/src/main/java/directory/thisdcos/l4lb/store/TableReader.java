package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.StatePart;
import directory.thisdcos.l4lb.store.codec.Meta;
import directory.thisdcos.l4lb.store.codec.Snapshot;
import directory.thisdcos.l4lb.store.codec.StoreCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;

/** Reads the table: the head, the batches since a state, or everything. For one thread. */
final class TableReader {

    /** Tries against a writer that overtakes the reader while it loads. */
    private static final int MAX_LOADS = 5;

    /** Batches of the ring that are read together; each is at most some hundred KiB. */
    private static final int BATCHES_AT_ONCE = 64;

    private final StorePaths paths;
    private final Znodes znodes;

    /**
     * A table that was read whole.
     *
     * @param state as of {@code head}
     * @param stored what the shards in ZooKeeper hold, without the batches that are only in the ring, and unindexed
     * @param snapshotSeq every shard contains at least the batches up to this one
     */
    record Loaded(State state, State stored, long snapshotSeq, Head head) {}

    TableReader(ZooKeeperClient client) {
        this.paths = client.paths();
        this.znodes = client.znodes();
    }

    /** The newest batch; empty if there is no table. Leaves a one-shot watch if there is one. */
    Optional<Head> head(@Nullable Watcher watcher) throws StoreException {
        Optional<Znode> znode = watcher == null ? znodes.read(paths.head()) : znodes.read(paths.head(), watcher);
        if (znode.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Head(
                decode(paths.head(), znode.get(), StoreCodec::decodeBatch),
                znode.get().version(),
                znode.get().changedMillis()));
    }

    /** The promise of the newest complete checkpoint. */
    Snapshot snapshot() throws StoreException {
        Znode znode = required(paths.snapshot(), znodes.read(paths.snapshot()));
        return decode(paths.snapshot(), znode, StoreCodec::decodeSnapshot);
    }

    /** The state at {@code head}, from an older one, by the ring; {@code steps} is told of each batch. */
    State catchUp(Meta meta, State from, Head head, Consumer<TableStep> steps) throws StoreException {
        State[] state = {from};
        forEachBatch(meta, from.seq() + 1, head, (batch, committedMillis) -> {
            state[0] = apply(state[0], batch);
            steps.accept(new TableStep(state[0], Optional.of(batch), committedMillis));
        });
        return state[0];
    }

    private static State apply(State state, Batch batch) throws DivergedException {
        if (batch.epoch() < state.epoch()) {
            throw new DivergedException(
                    "batch " + batch.seq() + " has epoch " + batch.epoch() + " after " + state.epoch());
        }
        State next = state.apply(batch);
        if (next.hash() != batch.stateHash()) {
            throw new DivergedException("after batch " + batch.seq() + " the hash is " + Long.toHexString(next.hash())
                    + ", the writer's was " + Long.toHexString(batch.stateHash()));
        }
        return next;
    }

    /** Takes one batch of a run without gaps. */
    private interface BatchConsumer {
        void accept(Batch batch, long committedMillis) throws StoreException;
    }

    /**
     * Reads the batches from {@code first} to the head, in order and without a gap. A full ring of full batches is more
     * than a small node's memory, so only some are held at a time.
     */
    private void forEachBatch(Meta meta, long first, Head head, BatchConsumer consumer) throws StoreException {
        if (head.seq() - first >= meta.slots()) {
            throw new GapException("batch " + first + " was overwritten; the head is " + head.seq());
        }
        for (long from = first; from < head.seq(); from += BATCHES_AT_ONCE) {
            long to = Math.min(from + BATCHES_AT_ONCE, head.seq()) - 1;
            List<String> slots = paths.slots(from, to, meta.slots());
            List<Optional<Znode>> read = znodes.readAll(slots);
            for (int i = 0; i < slots.size(); i++) {
                Batch batch = batch(slots.get(i), read.get(i), from + i);
                consumer.accept(batch, read.get(i).orElseThrow().changedMillis());
            }
        }
        if (first <= head.seq()) {
            consumer.accept(head.batch(), head.writtenMillis());
        }
    }

    private static Batch batch(String slot, Optional<Znode> read, long seq) throws StoreException {
        Znode znode = read.filter(found -> found.data().length > 0)
                .orElseThrow(() -> new GapException(slot + " is empty; batch " + seq + " belongs there"));
        Batch batch = decode(slot, znode, StoreCodec::decodeBatch);
        if (batch.seq() != seq) {
            throw new GapException(slot + " holds batch " + batch.seq() + " instead of " + seq);
        }
        return batch;
    }

    /** Reads everything: 256 shards and what the ring holds since. */
    Loaded load(Meta meta) throws StoreException {
        return load(meta, head -> {});
    }

    /**
     * The same for a writer, whom nobody may overtake.
     *
     * @param version of the head that the writer may replace
     * @throws FencedException if the head has another version; to read on would end never, behind a writer that is
     *     faster than this reader
     */
    Loaded loadHeld(Meta meta, int version) throws StoreException {
        return load(meta, head -> {
            if (head.version() != version) {
                throw new FencedException("another writer took over while the table was loaded");
            }
        });
    }

    /** Refuses a head before the ring is read up to it. */
    private interface HeadCheck {
        void check(Head head) throws StoreException;
    }

    private Loaded load(Meta meta, HeadCheck check) throws StoreException {
        for (int tries = 1; ; tries++) {
            try {
                return loadOnce(meta, check);
            } catch (GapException | DivergedException e) {
                if (tries == MAX_LOADS) {
                    throw new StoreException(
                            "the table in ZooKeeper cannot be read as a whole (" + e.getMessage() + ")", e);
                }
            }
        }
    }

    private Loaded loadOnce(Meta meta, HeadCheck check) throws StoreException {
        Snapshot snapshot = snapshot();
        long[] shardSeqs = new long[State.SHARDS];
        List<StatePart> parts = readShards(shardSeqs);
        // Read after the shards: a session never goes back in time, so no shard holds a batch beyond this head.
        Head head = head(null).orElseThrow(() -> new StoreException(paths.head() + " is missing"));
        check.check(head);
        State stored = State.unindexed(head.epoch(), snapshot.seq(), snapshot.pools(), parts);
        State[] folded = {stored};
        forEachBatch(meta, snapshot.seq() + 1, head, (batch, committedMillis) -> {
            List<Change> missing = batch.changes().stream()
                    .filter(change -> isMissing(change, batch.seq(), shardSeqs))
                    .toList();
            folded[0] = folded[0].apply(new Batch(batch.epoch(), batch.seq(), batch.stateHash(), missing));
        });
        State state = folded[0].reindexed();
        if (state.hash() != head.batch().stateHash() || state.seq() != head.seq()) {
            throw new DivergedException("snapshot and ring give " + state + ", the head's hash is "
                    + Long.toHexString(head.batch().stateHash()));
        }
        return new Loaded(state, stored, snapshot.seq(), head);
    }

    private List<StatePart> readShards(long[] shardSeqs) throws StoreException {
        List<String> shards = paths.shards();
        List<Optional<Znode>> read = znodes.readAll(shards);
        List<ByteBuffer> octets = new ArrayList<>();
        boolean hasParts = false;
        for (int i = 0; i < shards.size(); i++) {
            Znode znode = required(shards.get(i), read.get(i));
            byte[] whole = LargeShard.octets(znodes, shards.get(i), znode);
            hasParts |= whole != znode.data();
            octets.add(ByteBuffer.wrap(whole));
        }
        List<StatePart> parts = new ArrayList<>();
        List<ReadShard> decoded = decodeAll(octets, hasParts);
        for (int i = 0; i < shards.size(); i++) {
            ReadShard shard = decoded.get(i);
            if (!shard.part.isEmpty() && shard.part.shard() != i) {
                throw new StoreException(shards.get(i) + " holds shard " + shard.part.shard());
            }
            shardSeqs[i] = shard.seq;
            parts.add(shard.part);
        }
        return parts;
    }

    private record ReadShard(long seq, StatePart part) {}

    private static List<ReadShard> decodeAll(List<ByteBuffer> octets, boolean hasParts) throws StoreException {
        try {
            return StoreCodec.decodeShards(octets, shard -> new ReadShard(shard.seq(), StatePart.of(shard.vips())));
        } catch (IOException e) {
            String message = "the snapshot in ZooKeeper holds a bad record: " + e.getMessage();
            // Parts may have been replaced twice while they were read; then the index is another one now.
            throw hasParts ? new GapException(message) : new StoreException(message, e);
        }
    }

    /** A shard may be newer than the snapshot's promise; then it holds the change already. */
    private static boolean isMissing(Change change, long seq, long[] shardSeqs) {
        return change.target()
                .map(target -> seq > shardSeqs[State.shardOf(target)])
                .orElse(true);
    }

    private static Znode required(String path, Optional<Znode> znode) throws StoreException {
        return znode.orElseThrow(() -> new StoreException(path + " is missing"));
    }

    /** Decodes one kind of record. */
    private interface Decoder<T> {
        T decode(byte[] bytes) throws IOException;
    }

    private static <T> T decode(String path, Znode znode, Decoder<T> decoder) throws StoreException {
        try {
            return decoder.decode(znode.data());
        } catch (IOException e) {
            throw new StoreException(path + " holds a bad record: " + e.getMessage(), e);
        }
    }
}
