package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the look-ups of a batch of queries will read into the processor's caches. A look-up follows one reference
 * after the other, and in a large zone waits for the memory at each; here each step is done for all queries of the batch
 * before the next one, so that the processor waits for many at once. It changes nothing but the time. For one thread.
 */
public final class LookAhead {
    private static final @Nullable Node[] NOTHING = {};

    private final @Nullable Node[][] slots;
    private final @Nullable Node[] nodes;
    private final @Nullable Rrset[] rrsets;
    private final int[] hashes;
    private final int[] types;
    private int count;
    /** What was read goes here, or the compiler would not read it. */
    private int seen;

    /** For batches of up to {@code capacity}. */
    public LookAhead(int capacity) {
        slots = new @Nullable Node[capacity][0];
        nodes = new @Nullable Node[capacity];
        rrsets = new @Nullable Rrset[capacity];
        hashes = new int[capacity];
        types = new int[capacity];
    }

    /** One more query, for a name within {@code zone}. */
    public void add(Zone zone, NameView name, int type) {
        int hash = name.hash(0);
        slots[count] = zone.slots(hash);
        hashes[count] = hash;
        types[count++] = type;
    }

    /** Reads for all that was added, and begins a new batch. */
    public void run() {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            nodes[i] = slots[i][hashes[i] & (slots[i].length - 1)];
        }
        for (int i = 0; i < count; i++) {
            nodes[i] = follow(nodes[i], i);
        }
        for (int i = 0; i < count; i++) {
            Node node = nodes[i];
            if (node != null) {
                sum += node.owner().length;
                rrsets[i] = node.get(types[i]);
            }
        }
        for (int i = 0; i < count; i++) {
            Rrset rrset = rrsets[i];
            if (rrset != null) {
                sum += rrset.wire().length;
                rrsets[i] = null;
            }
            // Nothing of an older version of the zone is held on to.
            nodes[i] = null;
            slots[i] = NOTHING;
        }
        count = 0;
        seen += sum;
    }

    /** The node with the hash that was asked for, or whatever comes at the end of the run. */
    private @Nullable Node follow(@Nullable Node first, int index) {
        Node node = first;
        @Nullable Node[] run = slots[index];
        int hash = hashes[index];
        for (int slot = hash + 1; node != null && node.hash() != hash; slot++) {
            node = run[slot & (run.length - 1)];
        }
        return node;
    }

    /** A number that depends on all that was read. */
    int seen() {
        return seen;
    }
}
