package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Meta;
import directory.thisdcos.l4lb.store.codec.StoreCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One writer's time: from a take-over to the first failure. For one thread.
 *
 * <p>The right to write is the version of the head: each batch is one transaction that sets the head at the expected
 * version and the batch's slot of the ring, so of two writers only one can succeed, whatever they believe. When the
 * outcome of a transaction is unknown, the head tells it: it holds exactly our bytes, or still the old version, or
 * another writer's batch.
 */
final class Tenure {
    private static final Logger log = LoggerFactory.getLogger(Tenure.class);

    /** Compressed bytes of a batch; it is written twice in one request of at most 1 MiB (jute.maxbuffer). */
    private static final int MAX_BATCH_BYTES = 128 * 1024;

    /** The same for a batch that cannot be split. */
    private static final int MAX_CHANGE_BYTES = 480 * 1024;

    /** Between two looks at a ZooKeeper that does not answer. */
    private static final long RETRY_MILLIS = 100;

    private final ZooKeeperClient client;
    private final Znodes znodes;
    private final StorePaths paths;
    private final int slots;
    private final long epoch;
    private final String writer = UUID.randomUUID().toString();
    private State state;
    private State stored;
    private long snapshotSeq;
    private int headVersion;

    /** Of the epoch after {@code loaded}; it is proven by the first append. */
    Tenure(ZooKeeperClient client, Meta meta, TableReader.Loaded loaded) {
        this.client = client;
        this.znodes = client.znodes();
        this.paths = client.paths();
        this.slots = meta.slots();
        this.epoch = loaded.head().epoch() + 1;
        this.state = loaded.state();
        this.stored = loaded.stored();
        this.snapshotSeq = loaded.snapshotSeq();
        this.headVersion = loaded.head().version();
    }

    State state() {
        return state;
    }

    /** Commits an empty batch: nobody who wrote before can write after it. */
    void prove() throws StoreException {
        appendPart(List.of());
    }

    State append(List<Change> changes) throws StoreException {
        for (int i = 0; i < changes.size(); i += StoreCodec.MAX_CHANGES) {
            appendPart(changes.subList(i, Math.min(changes.size(), i + StoreCodec.MAX_CHANGES)));
        }
        return state;
    }

    private void appendPart(List<Change> changes) throws StoreException {
        State next = state.apply(new Batch(epoch, state.seq() + 1, 0, changes));
        byte[] bytes = encode(new Batch(epoch, next.seq(), next.hash(), changes));
        if (bytes.length > MAX_BATCH_BYTES && changes.size() > 1) {
            int half = changes.size() / 2;
            appendPart(changes.subList(0, half));
            appendPart(changes.subList(half, changes.size()));
            return;
        }
        if (bytes.length > MAX_CHANGE_BYTES) {
            throw new StoreException("one change takes " + bytes.length + " bytes; the limit is " + MAX_CHANGE_BYTES
                    + ": " + changes.get(0).target().map(Object::toString).orElse("settings"));
        }
        if (next.seq() - snapshotSeq > slots / 2) {
            checkpoint();
        }
        commit(next, bytes);
    }

    private byte[] encode(Batch batch) throws StoreException {
        try {
            return StoreCodec.encode(batch, writer);
        } catch (IOException e) {
            throw new StoreException("cannot encode batch " + batch.seq() + ": " + e.getMessage(), e);
        }
    }

    private void commit(State next, byte[] bytes) throws StoreException {
        if (next.seq() - snapshotSeq > slots) {
            throw new IllegalStateException("slot of batch " + (next.seq() - slots)
                    + " would be overwritten, but the snapshot is at " + snapshotSeq);
        }
        List<Op> operations = List.of(
                Op.setData(paths.head(), bytes, headVersion), Op.setData(paths.slot(next.seq(), slots), bytes, -1));
        long deadline = deadline();
        while (true) {
            try {
                znodes.multi("append batch " + next.seq(), operations);
                break;
            } catch (RequestFailedException e) {
                if (!e.outcomeUnknown() && !e.is(Code.BADVERSION)) {
                    throw e;
                }
                if (landed(next, bytes, deadline, e)) {
                    break;
                }
            }
        }
        state = next;
        headVersion++;
    }

    /** Whether a batch became the head; false if nobody wrote, so that the same transaction may be tried again. */
    private boolean landed(State next, byte[] bytes, long deadline, RequestFailedException failure)
            throws StoreException {
        while (true) {
            try {
                znodes.sync(paths.head());
                Optional<Znode> head = znodes.read(paths.head());
                if (head.isEmpty()) {
                    throw new FencedException(paths.head() + " is gone");
                }
                if (Arrays.equals(head.get().data(), bytes)) {
                    return true;
                }
                if (head.get().version() == headVersion && System.nanoTime() - deadline < 0) {
                    log.info("batch {} did not arrive ({}); trying again", next.seq(), failure.getMessage());
                    return false;
                }
                if (head.get().version() == headVersion) {
                    throw failure;
                }
                throw new FencedException("another writer holds the table: the head has version "
                        + head.get().version() + " instead of " + headVersion);
            } catch (RequestFailedException e) {
                awaitRetry(e, deadline);
            }
        }
    }

    /** Writes the dirty shards, so that the ring may be overwritten up to the current batch. */
    void checkpoint() throws StoreException {
        if (snapshotSeq == state.seq()) {
            return;
        }
        new Checkpoint(paths, headVersion, this::commitRepeatable).write(state, stored);
        stored = state;
        snapshotSeq = state.seq();
        log.debug("checkpoint at batch {}", snapshotSeq);
    }

    private void commitRepeatable(List<Op> operations) throws StoreException {
        long deadline = deadline();
        while (true) {
            try {
                znodes.multi("write the snapshot", operations);
                return;
            } catch (RequestFailedException e) {
                if (e.is(Code.BADVERSION)) {
                    throw new FencedException("another writer took over while the snapshot was written");
                }
                if (!e.outcomeUnknown()) {
                    throw e;
                }
                awaitRetry(e, deadline);
            }
        }
    }

    /** Nobody waits longer for ZooKeeper than a session lives: by then another leader may have been elected. */
    private long deadline() {
        return System.nanoTime() + client.settings().sessionTimeout().toNanos();
    }

    private void awaitRetry(RequestFailedException failure, long deadline) throws StoreException {
        long left = deadline - System.nanoTime();
        if (left <= 0 || !failure.outcomeUnknown()) {
            throw failure;
        }
        try {
            client.awaitConnected(Duration.ofNanos(left));
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while waiting for ZooKeeper", e);
        }
    }
}
