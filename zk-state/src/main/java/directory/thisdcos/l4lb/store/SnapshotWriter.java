package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.store.codec.Snapshot;
import directory.thisdcos.l4lb.store.codec.StoreCodec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the snapshot's shards near the head, so that the ring may be overwritten. A round writes every shard that
 * changed, then the promise that all of them hold at least the state with which the round began.
 *
 * <p>A round is written in idle moments, a little at a time. A writer that has none writes it along with its batches,
 * some shards in the transaction of each, since one that wrote all of them at once would hold the next batch up for as
 * long as hundreds of batches take. Readers know the batch up to which each shard holds the table, so shards of
 * different age make no difference to them. For one thread.
 */
final class SnapshotWriter {
    /** Bytes of shards in one transaction; ZooKeeper's own limit for a request (jute.maxbuffer) is 1 MiB. */
    private static final int MAX_BYTES_AT_ONCE = 256 * 1024;

    /** The same for one idle moment, which may be over at any time: some milliseconds. */
    private static final int MAX_IDLE_BYTES = 64 * 1024;

    /** Octets of a shard that one znode holds. */
    private static final int MAX_ZNODE_BYTES = 1000 * 1024;

    private final StorePaths paths;
    private final FencedHead head;
    private final int slots;

    /** The content of each shard as it is in ZooKeeper. */
    private final List<Map<Target, Vip>> stored;

    private long promised;

    /** The state that the round under way promises, and what it has not written yet. */
    private @Nullable State aim;

    private final Deque<Integer> left = new ArrayDeque<>();

    /** Shards that go along with one batch, so that a round without idle moments is over after an eighth of the ring. */
    private int pace;

    /** What one transaction writes of a round. */
    record Part(List<Op> operations, Map<Integer, Map<Target, Vip>> shards, boolean isLast) {
        static final Part NOTHING = new Part(List.of(), Map.of(), false);
    }

    SnapshotWriter(StorePaths paths, FencedHead head, int slots, State stored, long promised) {
        this.paths = paths;
        this.head = head;
        this.slots = slots;
        this.stored = IntStream.range(0, State.SHARDS).mapToObj(stored::shard).collect(Collectors.toList());
        this.promised = promised;
    }

    /** Every shard contains at least the batches up to this one. */
    long promised() {
        return promised;
    }

    /**
     * What the transaction of the next batch writes besides it; {@link #landed} is told when it was committed.
     *
     * @param before the state that is committed
     * @param next the state after the batch
     */
    Part along(State before, State next) throws StoreException {
        if (next.seq() - promised < slots * 3 / 8) {
            return Part.NOTHING;
        }
        if (aim == null) {
            begin(before);
        }
        return part(before, next, pace, MAX_BYTES_AT_ONCE);
    }

    /**
     * Writes a little of a round; for a moment in which no batch waits.
     *
     * @return whether there may be more to write
     */
    boolean writeSome(State committed) throws StoreException {
        if (aim == null) {
            if (committed.seq() - promised < slots / 4) {
                return false;
            }
            begin(committed);
        }
        Part part = part(committed, committed, State.SHARDS, MAX_IDLE_BYTES);
        head.commitRepeatable(part.operations);
        landed(part);
        return !part.isLast;
    }

    /** The next shards of the round, at least one; those that leave no room for others are written here. */
    private Part part(State before, State next, int maxShards, int maxBytes) throws StoreException {
        List<Op> operations = new ArrayList<>();
        Map<Integer, Map<Target, Vip>> shards = new TreeMap<>();
        int bytes = 0;
        while (!left.isEmpty() && shards.size() < maxShards) {
            int shard = left.peek();
            byte[] encoded = encode(shard, next);
            if (bytes > 0 && bytes + encoded.length > maxBytes) {
                break;
            }
            bytes += encoded.length;
            if (encoded.length > MAX_BYTES_AT_ONCE) {
                writeAlone(shard, encode(shard, before));
                stored.set(shard, before.shard(shard));
            } else {
                operations.add(Op.setData(paths.shard(shard), encoded, -1));
                shards.put(shard, next.shard(shard));
            }
            left.remove();
        }
        if (left.isEmpty()) {
            operations.add(promise(Objects.requireNonNull(aim)));
        }
        return new Part(operations, shards, left.isEmpty());
    }

    private void begin(State committed) {
        aim = committed;
        left.clear();
        left.addAll(changed(committed));
        pace = left.size() * 8 / slots + 1;
    }

    private List<Integer> changed(State state) {
        return IntStream.range(0, State.SHARDS)
                .filter(shard -> !state.shard(shard).equals(stored.get(shard)))
                .boxed()
                .toList();
    }

    /** The batch with which a part went was committed. */
    void landed(Part part) {
        part.shards.forEach(stored::set);
        if (part.isLast && aim != null) {
            promised = aim.seq();
            aim = null;
        }
    }

    /** Ends or makes a whole round at once, for a state that is committed. */
    void writeAll(State committed) throws StoreException {
        aim = null;
        if (promised == committed.seq()) {
            return;
        }
        List<Op> operations = new ArrayList<>();
        List<Integer> shards = changed(committed);
        int bytes = 0;
        for (int shard : shards) {
            byte[] encoded = encode(shard, committed);
            if (encoded.length > MAX_BYTES_AT_ONCE) {
                writeAlone(shard, encoded);
                continue;
            }
            if (bytes + encoded.length > MAX_BYTES_AT_ONCE) {
                head.commitRepeatable(operations);
                operations.clear();
                bytes = 0;
            }
            operations.add(Op.setData(paths.shard(shard), encoded, -1));
            bytes += encoded.length;
        }
        if (!operations.isEmpty()) {
            head.commitRepeatable(operations);
        }
        head.commitRepeatable(List.of(promise(committed)));
        shards.forEach(shard -> stored.set(shard, committed.shard(shard)));
        promised = committed.seq();
    }

    /** One that leaves no room for others. */
    private void writeAlone(int shard, byte[] encoded) throws StoreException {
        if (encoded.length > MAX_ZNODE_BYTES) {
            LargeShard.write(head, paths.shard(shard), encoded);
        } else {
            head.commitRepeatable(List.of(Op.setData(paths.shard(shard), encoded, -1)));
        }
    }

    private Op promise(State state) throws StoreException {
        try {
            return Op.setData(paths.snapshot(), StoreCodec.encode(new Snapshot(state.seq(), state.pools())), -1);
        } catch (IOException e) {
            throw new StoreException("cannot encode the snapshot: " + e.getMessage(), e);
        }
    }

    private static byte[] encode(int shard, State state) throws StoreException {
        try {
            return StoreCodec.encode(state.seq(), state.shard(shard).values());
        } catch (IOException e) {
            throw new StoreException("cannot encode a shard of the snapshot: " + e.getMessage(), e);
        }
    }
}
