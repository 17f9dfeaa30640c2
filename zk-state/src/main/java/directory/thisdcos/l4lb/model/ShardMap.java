package directory.thisdcos.l4lb.model;

import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in {@value #SHARDS} shards. A new version copies only the shards that it touches and shares the
 * rest, so two versions are compared by comparing references: what is the same object did not change.
 */
// Which object it is tells whether it was changed; its content is not asked.
@SuppressWarnings("ReferenceEquality")
final class ShardMap<K, V> {

    /** Fixed by the format of the snapshot in ZooKeeper. */
    static final int SHARDS = 256;

    private final ToLongFunction<K> digest;
    private final OpenMap<K, V>[] shards;
    private final int size;

    private ShardMap(ToLongFunction<K> digest, OpenMap<K, V>[] shards, int size) {
        this.digest = digest;
        this.shards = shards;
        this.size = size;
    }

    static <K, V> ShardMap<K, V> empty(ToLongFunction<K> digest) {
        return sized(digest, 0);
    }

    /** Empty, with room for so many: not to be made larger again and again while they come. */
    static <K, V> ShardMap<K, V> sized(ToLongFunction<K> digest, int count) {
        OpenMap<K, V>[] shards = newShards();
        Arrays.fill(shards, OpenMap.sized(count / SHARDS));
        return new ShardMap<>(digest, shards, 0);
    }

    // A generic array cannot be created; this one never leaves the class.
    @SuppressWarnings("unchecked")
    private static <K, V> OpenMap<K, V>[] newShards() {
        return (OpenMap<K, V>[]) new OpenMap<?, ?>[SHARDS];
    }

    int shardOf(K key) {
        return (int) (digest.applyAsLong(key) & (SHARDS - 1));
    }

    @Nullable V get(K key) {
        return shards[shardOf(key)].get(key);
    }

    Map<K, V> shard(int index) {
        return shards[index];
    }

    int size() {
        return size;
    }

    /** Calls {@code visitor} for each key whose value is not equal in both; null where it is absent. */
    void forEachDifference(ShardMap<K, V> older, BiConsumer<@Nullable V, @Nullable V> visitor) {
        for (int i = 0; i < SHARDS; i++) {
            if (shards[i] != older.shards[i]) {
                shards[i].forEachDifference(older.shards[i], visitor);
            }
        }
    }

    Edit edit() {
        return new Edit();
    }

    /** A run of edits that copies each touched shard once. For one thread. */
    final class Edit {
        private final OpenMap<K, V>[] next = shards.clone();
        private int nextSize = size;

        @Nullable V get(K key) {
            return next[shardOf(key)].get(key);
        }

        void put(K key, V value) {
            if (owned(shardOf(key)).store(key, value) == null) {
                nextSize++;
            }
        }

        /** Puts a whole shard, which nobody else changes any more. */
        void putShard(int index, OpenMap<K, V> shard) {
            if (!next[index].isEmpty()) {
                throw new IllegalArgumentException("shard " + index + " is there twice");
            }
            next[index] = shard;
            nextSize += shard.size();
        }

        void remove(K key) {
            int index = shardOf(key);
            if (next[index].containsKey(key)) {
                owned(index).erase(key);
                nextSize--;
            }
        }

        private OpenMap<K, V> owned(int index) {
            if (next[index] == shards[index]) {
                next[index] = shards[index].copy();
            }
            return next[index];
        }

        ShardMap<K, V> build() {
            return new ShardMap<>(digest, next, nextSize);
        }
    }
}
