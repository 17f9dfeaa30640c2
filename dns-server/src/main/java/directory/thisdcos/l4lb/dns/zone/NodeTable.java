package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable hash table of nodes in shards of a few dozen. A new version copies the shards that it touches and shares
 * the others, so a change to a million names costs as much as one to a hundred, and readers need no lock. Looked up by
 * the suffix hashes of a {@link NameView}, without making a key.
 */
final class NodeTable {
    private static final int SHARD_AIM = 32;
    private static final int SHARD_MAX = 2 * SHARD_AIM;
    private static final int MIN_SLOTS = 4;

    static final NodeTable EMPTY = new NodeTable(new @Nullable Node[1][MIN_SLOTS], 0);

    /** Power of two many shards, selected by the upper bits of a hash; each is an open-addressed table. */
    private final @Nullable Node[][] shards;

    private final int size;

    private NodeTable(@Nullable Node[][] shards, int size) {
        this.shards = shards;
        this.size = size;
    }

    int size() {
        return size;
    }

    /** The node whose name is the suffix that begins at {@code label}, or null. */
    @Nullable Node get(NameView name, int label) {
        int hash = name.hash(label);
        @Nullable Node[] slots = shards[shard(hash, shards.length)];
        for (int slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
            Node node = slots[slot];
            if (node == null || (node.hash() == hash && name.suffixEquals(label, node.owner()))) {
                return node;
            }
        }
    }

    /** The node of {@code *} below the suffix that begins at {@code label}, or null. */
    @Nullable Node wildcard(NameView name, int label) {
        int hash = name.wildcardHash(label);
        @Nullable Node[] slots = shards[shard(hash, shards.length)];
        for (int slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
            Node node = slots[slot];
            if (node == null || (node.hash() == hash && name.wildcardEquals(label, node.name()))) {
                return node;
            }
        }
    }

    @Nullable Node get(Name name) {
        return find(shards[shard(name.hashCode(), shards.length)], name);
    }

    Stream<Node> nodes() {
        return Arrays.stream(shards).flatMap(Arrays::stream).<Node>mapMulti((node, sink) -> {
            if (node != null) {
                sink.accept(node);
            }
        });
    }

    private static int shard(int hash, int count) {
        return count == 1 ? 0 : hash >>> (Integer.numberOfLeadingZeros(count) + 1);
    }

    private static @Nullable Node find(@Nullable Node[] slots, Name name) {
        return slots[slot(slots, name)];
    }

    /** Where a name is, or where it would go: a table always has a free slot. */
    private static int slot(@Nullable Node[] slots, Name name) {
        int slot = name.hashCode() & (slots.length - 1);
        while (true) {
            Node node = slots[slot];
            if (node == null || node.name().equals(name)) {
                return slot;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
    }

    /**
     * Calls {@code visitor} with (before, after) for each name whose node is not the same object; null where it is
     * absent. Shards that both tables share are passed over.
     */
    void forEachDifference(NodeTable older, BiConsumer<@Nullable Node, @Nullable Node> visitor) {
        boolean sameShape = shards.length == older.shards.length;
        for (int i = 0; i < shards.length; i++) {
            if (sameShape && shards[i] == older.shards[i]) {
                continue;
            }
            for (Node node : shards[i]) {
                Node before = node == null ? null : older.get(node.name());
                if (node != null && node != before) {
                    visitor.accept(before, node);
                }
            }
        }
        for (int i = 0; i < older.shards.length; i++) {
            if (sameShape && shards[i] == older.shards[i]) {
                continue;
            }
            for (Node node : older.shards[i]) {
                if (node != null && get(node.name()) == null) {
                    visitor.accept(node, null);
                }
            }
        }
    }

    Edit edit() {
        return new Edit();
    }

    /** A run of edits that copies each touched shard once. For one thread, used once. */
    final class Edit {
        private @Nullable Node[][] next = shards.clone();
        /** Nodes in each shard that this edit has copied; -1 for those that are still shared. */
        private int[] used = shared(next.length);

        private int nextSize = size;

        @Nullable Node get(Name name) {
            return find(next[shard(name.hashCode(), next.length)], name);
        }

        void put(Node node) {
            int index = own(node.name());
            @Nullable Node[] slots = next[index];
            int slot = slot(slots, node.name());
            boolean isNew = slots[slot] == null;
            slots[slot] = node;
            if (isNew) {
                nextSize++;
                grow(index);
                if (nextSize > next.length * SHARD_MAX) {
                    split();
                }
            }
        }

        void remove(Name name) {
            int index = own(name);
            @Nullable Node[] slots = next[index];
            int slot = slot(slots, name);
            if (slots[slot] != null) {
                slots[slot] = null;
                nextSize--;
                used[index]--;
                // An open-addressed table must not have holes within a run.
                next[index] = rehash(slots, slots.length);
            }
        }

        private int own(Name name) {
            int index = shard(name.hashCode(), next.length);
            if (used[index] < 0) {
                next[index] = next[index].clone();
                used[index] = count(next[index]);
            }
            return index;
        }

        private static int[] shared(int count) {
            int[] used = new int[count];
            Arrays.fill(used, -1);
            return used;
        }

        private static int count(@Nullable Node[] slots) {
            int count = 0;
            for (Node node : slots) {
                count += node == null ? 0 : 1;
            }
            return count;
        }

        /** Counts one more node in a shard and keeps half of its slots free. */
        private void grow(int index) {
            used[index]++;
            @Nullable Node[] slots = next[index];
            if (used[index] * 2 > slots.length) {
                next[index] = rehash(slots, slots.length * 2);
            }
        }

        private @Nullable Node[] rehash(@Nullable Node[] slots, int count) {
            @Nullable Node[] fresh = new @Nullable Node[count];
            for (Node node : slots) {
                if (node != null) {
                    fresh[slot(fresh, node.name())] = node;
                }
            }
            return fresh;
        }

        private void split() {
            @Nullable Node[][] old = next;
            next = new @Nullable Node[old.length * (SHARD_MAX / SHARD_AIM)][MIN_SLOTS * 8];
            used = new int[next.length];
            for (@Nullable Node[] slots : old) {
                for (Node node : slots) {
                    if (node != null) {
                        int index = shard(node.name().hashCode(), next.length);
                        next[index][slot(next[index], node.name())] = node;
                        grow(index);
                    }
                }
            }
        }

        NodeTable build() {
            return new NodeTable(next, nextSize);
        }
    }
}
