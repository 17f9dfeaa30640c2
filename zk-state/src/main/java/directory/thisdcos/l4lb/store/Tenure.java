package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Meta;
import directory.thisdcos.l4lb.store.codec.StoreCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One writer's time: from a take-over to the first failure. For one thread. */
final class Tenure {
    private static final Logger log = LoggerFactory.getLogger(Tenure.class);

    /** Compressed bytes of a batch; it is written twice in one request of at most 1 MiB (jute.maxbuffer). */
    private static final int MAX_BATCH_BYTES = 128 * 1024;

    /** The same for a batch of one change. */
    private static final int MAX_CHANGE_BYTES = 480 * 1024;

    private final FencedHead head;
    private final SnapshotWriter snapshot;
    private final int slots;
    private final long epoch;
    private final String writer;
    private State state;

    /** Changes that are tried in one batch: what was too large once is not encoded in vain again and again. */
    private int atOnce = StoreCodec.MAX_CHANGES;

    private Tenure(StorePaths paths, FencedHead head, int slots, String writer, TableReader.Loaded loaded) {
        this.head = head;
        this.snapshot = new SnapshotWriter(paths, head, slots, loaded.stored(), loaded.snapshotSeq());
        this.slots = slots;
        this.epoch = loaded.state().epoch();
        this.writer = writer;
        this.state = loaded.state();
    }

    /**
     * Fences first and reads then: an empty batch needs no state, since it leaves the hash as it is, and after it nobody
     * else can write while the table is loaded.
     *
     * @throws FencedException if another writer was faster
     */
    static Tenure begin(ZooKeeperClient client, TableReader reader, Meta meta) throws StoreException {
        Head last = reader.head(null)
                .orElseThrow(() -> new StoreException(client.paths().head() + " is missing"));
        // Read after the head: the promise only grows, so it holds when the claim replaces this head.
        long promised = reader.snapshot().seq();
        FencedHead head = new FencedHead(client, meta.slots(), last.version());
        Batch claim = new Batch(last.epoch() + 1, last.seq() + 1, last.batch().stateHash(), List.of());
        if (claim.seq() - promised > meta.slots() / 2 + 1) {
            promised = relieveRing(client, reader, meta, head);
        }
        requireFreeSlot(claim.seq(), promised, meta.slots());
        String writer = UUID.randomUUID().toString();
        head.commit(claim.seq(), encode(claim, writer), List.of());
        TableReader.Loaded loaded = reader.loadHeld(meta, head.version());
        Tenure tenure = new Tenure(client.paths(), head, meta.slots(), writer, loaded);
        tenure.checkpointIfDue();
        return tenure;
    }

    /** Writers that claim and then fail, one after another, fill the ring too; the next one makes room first. */
    private static long relieveRing(ZooKeeperClient client, TableReader reader, Meta meta, FencedHead head)
            throws StoreException {
        TableReader.Loaded loaded = reader.loadHeld(meta, head.version());
        SnapshotWriter snapshot =
                new SnapshotWriter(client.paths(), head, meta.slots(), loaded.stored(), loaded.snapshotSeq());
        snapshot.writeAll(loaded.state());
        return snapshot.promised();
    }

    State state() {
        return state;
    }

    /** @return what could not be stored, and why; everything else is committed */
    List<Refusal> append(List<Change> changes, List<Cause> causes) throws StoreException {
        List<Refusal> refusals = new ArrayList<>();
        for (int i = 0; i < changes.size(); ) {
            int end = Math.min(changes.size(), i + atOnce);
            appendPart(changes.subList(i, end), causes, refusals);
            i = end;
        }
        return refusals;
    }

    private void appendPart(List<Change> changes, List<Cause> causes, List<Refusal> refusals) throws StoreException {
        State next = state.apply(new Batch(epoch, state.seq() + 1, 0, changes));
        if (!refusals.isEmpty() && next.hash() == state.hash()) {
            // Backends of a service that was refused, for example: without it they change nothing.
            return;
        }
        byte[] bytes;
        try {
            bytes = StoreCodec.encode(new Batch(epoch, next.seq(), next.hash(), changes, causes), writer);
        } catch (IOException e) {
            splitOrRefuse(changes, causes, String.valueOf(e.getMessage()), refusals);
            return;
        }
        if (bytes.length > (changes.size() > 1 ? MAX_BATCH_BYTES : MAX_CHANGE_BYTES)) {
            String reason = "it takes " + bytes.length + " compressed bytes; the limit is " + MAX_CHANGE_BYTES;
            splitOrRefuse(changes, causes, reason, refusals);
            return;
        }
        checkpointIfDue();
        requireFreeSlot(next.seq(), snapshot.promised(), slots);
        SnapshotWriter.Part part =
                bytes.length > MAX_BATCH_BYTES ? SnapshotWriter.Part.NOTHING : snapshot.along(state, next);
        head.commit(next.seq(), bytes, part.operations());
        snapshot.landed(part);
        state = next;
        if (bytes.length < MAX_BATCH_BYTES / 4) {
            atOnce = Math.min(StoreCodec.MAX_CHANGES, 2 * atOnce);
        }
    }

    /** Carries out operations that do no harm when they are repeated. */
    void carryOut(List<Op> repeatable) throws StoreException {
        head.commitRepeatable(repeatable);
    }

    /** What one batch cannot hold goes in two; what cannot be divided must not keep the rest from being written. */
    private void splitOrRefuse(List<Change> changes, List<Cause> causes, String reason, List<Refusal> refusals)
            throws StoreException {
        if (changes.size() == 1) {
            refusals.add(new Refusal(changes.get(0), reason));
            return;
        }
        int half = changes.size() / 2;
        atOnce = Math.max(1, half);
        appendPart(changes.subList(0, half), causes, refusals);
        appendPart(changes.subList(half, changes.size()), causes, refusals);
    }

    private static byte[] encode(Batch batch, String writer) throws StoreException {
        try {
            return StoreCodec.encode(batch, writer);
        } catch (IOException e) {
            throw new StoreException("cannot encode batch " + batch.seq() + ": " + e.getMessage(), e);
        }
    }

    /** The slot of a batch holds the one a whole ring before it, which a snapshot must have made superfluous. */
    private static void requireFreeSlot(long seq, long snapshotSeq, int slots) throws StoreException {
        if (seq - slots > snapshotSeq) {
            throw new StoreException("batch " + (seq - slots) + " would be overwritten in the ring, but the snapshot"
                    + " only contains those up to " + snapshotSeq);
        }
    }

    /** Batches that leave no room for shards, or whose shards are too large, are rare; they pay for it here. */
    private void checkpointIfDue() throws StoreException {
        if (state.seq() - snapshot.promised() >= slots / 2) {
            checkpoint();
        }
    }

    /** @return whether there may be more to write */
    boolean writeSome() throws StoreException {
        return snapshot.writeSome(state);
    }

    /** Writes all that changed, so that the ring may be overwritten up to the current batch. */
    void checkpoint() throws StoreException {
        snapshot.writeAll(state);
        log.debug("checkpoint at batch {}", snapshot.promised());
    }
}
