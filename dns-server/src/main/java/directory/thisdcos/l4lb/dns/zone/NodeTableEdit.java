package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A run of edits that makes a {@link NodeTable} of another: copies each touched shard once. For one thread, used once. */
final class NodeTableEdit {
    static final int MIN_SLOTS = 4;

    private static final int SHARD_AIM = 32;
    private static final int SHARD_MAX = 2 * SHARD_AIM;
    private static final int SHARED = -1;
    private static final int[] SHARED_PAGE = {};

    private @Nullable Node[][][] pages;
    private int bits;
    private int size;
    private int changes;
    /** Nodes in each shard, {@link #SHARED} for one that this edit has not copied, {@link #SHARED_PAGE} for such a page. */
    private int[][] used;

    NodeTableEdit(@Nullable Node[][][] pages, int bits, int size) {
        this.pages = pages.clone();
        this.bits = bits;
        this.size = size;
        this.used = new int[pages.length][];
        Arrays.fill(used, SHARED_PAGE);
    }

    /** Makes room for so many nodes at once, where it would grow step by step. */
    void reserve(int nodes) {
        while (nodes > SHARD_MAX << bits) {
            split();
        }
    }

    @Nullable Node get(Name name) {
        int shard = NodeTable.shard(name.hashCode(), bits);
        @Nullable Node[] slots = pages[page(shard)][place(shard)];
        return slots[NodeTable.slot(slots, name)];
    }

    private int page(int shard) {
        return shard >>> NodeTable.pageBits(bits);
    }

    private int place(int shard) {
        return shard & ((1 << NodeTable.pageBits(bits)) - 1);
    }

    void put(Node node) {
        changes++;
        int shard = own(node.name());
        @Nullable Node[] slots = pages[page(shard)][place(shard)];
        int slot = NodeTable.slot(slots, node.name());
        boolean isNew = slots[slot] == null;
        slots[slot] = node;
        if (isNew) {
            size++;
            grow(shard);
            if (size > SHARD_MAX << bits) {
                split();
            }
        }
    }

    void remove(Name name) {
        int shard = own(name);
        @Nullable Node[][] page = pages[page(shard)];
        @Nullable Node[] slots = page[place(shard)];
        int slot = NodeTable.slot(slots, name);
        if (slots[slot] != null) {
            changes++;
            slots[slot] = null;
            size--;
            used[page(shard)][place(shard)]--;
            // An open-addressed table must not have holes within a run.
            page[place(shard)] = rehash(slots, slots.length);
        }
    }

    /** Makes the shard of a name this edit's own and returns its number. */
    private int own(Name name) {
        int shard = NodeTable.shard(name.hashCode(), bits);
        int page = page(shard);
        int place = place(shard);
        int[] counts = used[page];
        if (counts.length == 0) {
            pages[page] = pages[page].clone();
            counts = new int[pages[page].length];
            Arrays.fill(counts, SHARED);
            used[page] = counts;
        }
        if (counts[place] == SHARED) {
            @Nullable Node[] slots = pages[page][place].clone();
            pages[page][place] = slots;
            counts[place] = count(slots);
        }
        return shard;
    }

    private static int count(@Nullable Node[] slots) {
        int count = 0;
        for (Node node : slots) {
            count += node == null ? 0 : 1;
        }
        return count;
    }

    /** Counts one more node in a shard and keeps half of its slots free. */
    private void grow(int shard) {
        @Nullable Node[][] page = pages[page(shard)];
        int place = place(shard);
        int count = ++used[page(shard)][place];
        if (count * 2 > page[place].length) {
            page[place] = rehash(page[place], page[place].length * 2);
        }
    }

    private static @Nullable Node[] rehash(@Nullable Node[] slots, int count) {
        @Nullable Node[] fresh = new @Nullable Node[count];
        for (Node node : slots) {
            if (node != null) {
                fresh[NodeTable.slot(fresh, node.name())] = node;
            }
        }
        return fresh;
    }

    /** Twice as many shards, all of them new. */
    private void split() {
        @Nullable Node[][][] old = pages;
        bits++;
        int low = NodeTable.pageBits(bits);
        pages = new @Nullable Node[1 << (bits - low)][1 << low][MIN_SLOTS * 8];
        used = new int[pages.length][1 << low];
        for (@Nullable Node[][] page : old) {
            for (@Nullable Node[] slots : page) {
                for (Node node : slots) {
                    if (node != null) {
                        move(node);
                    }
                }
            }
        }
    }

    private void move(Node node) {
        int shard = NodeTable.shard(node.name().hashCode(), bits);
        @Nullable Node[] slots = pages[page(shard)][place(shard)];
        slots[NodeTable.slot(slots, node.name())] = node;
        grow(shard);
    }

    NodeTable build() {
        return new NodeTable(pages, bits, size, changes);
    }
}
