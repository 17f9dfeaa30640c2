package directory.thisdcos.l4lb.model;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in {@value #SHARDS} shards. A new version copies only the shards that it touches and shares the
 * rest, so two versions are compared by comparing references: what is the same object did not change.
 */
final class ShardMap<K, V> {

    /** Fixed by the format of the snapshot in ZooKeeper. */
    static final int SHARDS = 256;

    private final ToLongFunction<K> digest;
    private final Map<K, V>[] shards;
    private final int size;

    private ShardMap(ToLongFunction<K> digest, Map<K, V>[] shards, int size) {
        this.digest = digest;
        this.shards = shards;
        this.size = size;
    }

    static <K, V> ShardMap<K, V> empty(ToLongFunction<K> digest) {
        Map<K, V>[] shards = newShards();
        java.util.Arrays.fill(shards, Map.of());
        return new ShardMap<>(digest, shards, 0);
    }

    // A generic array cannot be created; this one never leaves the class.
    @SuppressWarnings("unchecked")
    private static <K, V> Map<K, V>[] newShards() {
        return (Map<K, V>[]) new Map<?, ?>[SHARDS];
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
            if (shards[i] == older.shards[i]) {
                continue;
            }
            Map<K, V> now = shards[i];
            Map<K, V> before = older.shards[i];
            before.forEach((key, value) -> {
                if (!now.containsKey(key)) {
                    visitor.accept(value, null);
                }
            });
            now.forEach((key, value) -> {
                V old = before.get(key);
                if (!value.equals(old)) {
                    visitor.accept(old, value);
                }
            });
        }
    }

    Edit edit() {
        return new Edit();
    }

    /** A run of edits that copies each touched shard once. For one thread. */
    final class Edit {
        private final Map<K, V>[] next = shards.clone();
        private int nextSize = size;

        @Nullable V get(K key) {
            return next[shardOf(key)].get(key);
        }

        void put(K key, V value) {
            if (owned(shardOf(key)).put(key, value) == null) {
                nextSize++;
            }
        }

        /** Puts a whole shard, which nobody else changes any more. */
        void putShard(int index, Map<K, V> shard) {
            if (!next[index].isEmpty()) {
                throw new IllegalArgumentException("shard " + index + " is there twice");
            }
            next[index] = shard;
            nextSize += shard.size();
        }

        void remove(K key) {
            int index = shardOf(key);
            if (next[index].containsKey(key)) {
                owned(index).remove(key);
                nextSize--;
            }
        }

        private Map<K, V> owned(int index) {
            if (next[index] == shards[index]) {
                next[index] = new HashMap<>(shards[index]);
            }
            return next[index];
        }

        ShardMap<K, V> build() {
            for (int i = 0; i < SHARDS; i++) {
                if (next[i] != shards[i]) {
                    next[i] = Collections.unmodifiableMap(next[i]);
                }
            }
            return new ShardMap<>(digest, next, nextSize);
        }
    }
}
