package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable hash table of nodes in shards of a few dozen, and these in pages. A new version copies the shards that it
 * touches, their pages, and the list of pages, and shares the others: with a million shards that is some 10 kB for a
 * change, so that a thousand versions a second leave little behind. Readers need no lock. Looked up by the suffix hashes
 * of a {@link NameView}, without making a key.
 */
final class NodeTable {
    static final NodeTable EMPTY = new NodeTable(new @Nullable Node[1][1][NodeTableEdit.MIN_SLOTS], 0, 0, 0);

    /** 2^bits shards, selected by the upper bits of a hash; each is an open-addressed table. */
    private final @Nullable Node[][][] pages;

    private final int bits;
    private final int size;
    private final int changes;

    NodeTable(@Nullable Node[][][] pages, int bits, int size, int changes) {
        this.pages = pages;
        this.bits = bits;
        this.size = size;
        this.changes = changes;
    }

    int size() {
        return size;
    }

    /** How many nodes were put or removed to make this table of the one before. */
    int changes() {
        return changes;
    }

    static int shard(int hash, int bits) {
        return (int) ((hash & 0xffff_ffffL) >>> (Integer.SIZE - bits));
    }

    /** The list of pages and a page are of about the same size. */
    static int pageBits(int bits) {
        return bits >>> 1;
    }

    /** The shard of a hash; not to be changed. */
    @Nullable Node[] slots(int hash) {
        int shard = shard(hash, bits);
        int low = pageBits(bits);
        return pages[shard >>> low][shard & ((1 << low) - 1)];
    }

    /** The node whose name is the suffix that begins at {@code label}, or null. */
    @Nullable Node get(NameView name, int label) {
        int hash = name.hash(label);
        @Nullable Node[] slots = slots(hash);
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
        @Nullable Node[] slots = slots(hash);
        for (int slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
            Node node = slots[slot];
            if (node == null || (node.hash() == hash && name.wildcardEquals(label, node.name()))) {
                return node;
            }
        }
    }

    @Nullable Node get(Name name) {
        @Nullable Node[] slots = slots(name.hashCode());
        return slots[slot(slots, name)];
    }

    Stream<Node> nodes() {
        return Arrays.stream(pages)
                .flatMap(Arrays::stream)
                .flatMap(Arrays::stream)
                .<Node>mapMulti((node, sink) -> {
                    if (node != null) {
                        sink.accept(node);
                    }
                });
    }

    /** Where a name is, or where it would go: a table always has a free slot. */
    static int slot(@Nullable Node[] slots, Name name) {
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
        forEachNotShared(older, node -> {
            Node before = older.get(node.name());
            if (node != before) {
                visitor.accept(before, node);
            }
        });
        older.forEachNotShared(this, node -> {
            if (get(node.name()) == null) {
                visitor.accept(node, null);
            }
        });
    }

    private void forEachNotShared(NodeTable other, Consumer<Node> visitor) {
        boolean sameShape = bits == other.bits;
        for (int page = 0; page < pages.length; page++) {
            if (sameShape && pages[page] == other.pages[page]) {
                continue;
            }
            for (int i = 0; i < pages[page].length; i++) {
                if (sameShape && pages[page][i] == other.pages[page][i]) {
                    continue;
                }
                for (Node node : pages[page][i]) {
                    if (node != null) {
                        visitor.accept(node);
                    }
                }
            }
        }
    }

    NodeTableEdit edit() {
        return new NodeTableEdit(pages, bits, size);
    }
}
