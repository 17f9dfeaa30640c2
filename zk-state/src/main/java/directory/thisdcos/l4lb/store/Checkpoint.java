package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.store.codec.Snapshot;
import directory.thisdcos.l4lb.store.codec.StoreCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.zookeeper.Op;

/**
 * Writes the shards that changed since the last checkpoint, then the promise that they all hold the state. Every
 * transaction checks the head's version, so that it fails when another writer took over; and since each one sets the
 * same bytes however often it is carried out, it may be tried again when its outcome is unknown.
 */
final class Checkpoint {

    /** Bytes of shards in one transaction; ZooKeeper's own limit for a request (jute.maxbuffer) is 1 MiB. */
    private static final int MAX_BYTES_AT_ONCE = 256 * 1024;

    private static final int MAX_SHARD_BYTES = 1000 * 1024;

    private final StorePaths paths;
    private final int headVersion;
    private final Commit commit;
    private final List<Op> pending = new ArrayList<>();
    private int pendingBytes;

    /** Carries out one transaction that may be repeated. */
    interface Commit {
        void commit(List<Op> operations) throws StoreException;
    }

    Checkpoint(StorePaths paths, int headVersion, Commit commit) {
        this.paths = paths;
        this.headVersion = headVersion;
        this.commit = commit;
    }

    /** @param stored what the shards hold now */
    void write(State state, State stored) throws StoreException {
        try {
            for (int shard : state.changedShards(stored)) {
                byte[] bytes = StoreCodec.encode(state.seq(), state.shard(shard));
                requireFits(bytes.length, state.shard(shard));
                add(paths.shard(shard), bytes);
            }
            flush();
            add(paths.snapshot(), StoreCodec.encode(new Snapshot(state.seq(), state.pools())));
            flush();
        } catch (IOException e) {
            throw new StoreException("cannot encode the snapshot: " + e.getMessage(), e);
        }
    }

    private static void requireFits(int bytes, Collection<Vip> shard) throws StoreException {
        if (bytes > MAX_SHARD_BYTES) {
            Vip largest = shard.stream()
                    .max(Comparator.comparingInt(vip -> vip.services().stream()
                            .mapToInt(service -> service.backends().size())
                            .sum()))
                    .orElseThrow();
            throw new StoreException("a shard of the snapshot would be " + bytes + " bytes; ZooKeeper takes "
                    + MAX_SHARD_BYTES + "; the largest in it is " + largest.target());
        }
    }

    private void add(String path, byte[] bytes) throws StoreException {
        if (pendingBytes + bytes.length > MAX_BYTES_AT_ONCE) {
            flush();
        }
        pending.add(Op.setData(path, bytes, -1));
        pendingBytes += bytes.length;
    }

    private void flush() throws StoreException {
        if (!pending.isEmpty()) {
            List<Op> operations = new ArrayList<>();
            operations.add(Op.check(paths.head(), headVersion));
            operations.addAll(pending);
            commit.commit(operations);
            pending.clear();
            pendingBytes = 0;
        }
    }
}
