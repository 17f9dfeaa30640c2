package directory.thisdcos.l4lb.dns.wire;

import java.util.Arrays;

/**
 * A name taken apart for look-up: lower-cased, with the place and the hash of every suffix. The hash is folded from the
 * root towards the first label, so one pass gives the hashes of all ancestors, and a search for the longest known suffix
 * costs one probe per label. Mutable, used again for each message, for one thread.
 */
public final class NameView {
    private static final int MAX_LABELS = 127;
    private static final int HASH_SEED = 0x811c9dc5;
    private static final int HASH_PRIME = 0x01000193;

    private final byte[] lower = new byte[Wire.MAX_NAME];
    private final int[] start = new int[MAX_LABELS + 1];
    private final int[] hash = new int[MAX_LABELS + 1];
    private int length;
    private int labels;

    /**
     * Reads an uncompressed name that ends before {@code limit}.
     *
     * @return the offset after it, or -1 if it is compressed, too long, cut off, or has a label of another kind (RFC
     *     1035 §4.1.4: a name in a question has nothing before it to point at)
     */
    public int read(byte[] packet, int from, int limit) {
        int at = from;
        int count = 0;
        while (at < limit) {
            int size = packet[at] & 0xff;
            start[count] = at - from;
            if (size == 0) {
                finish(packet, from, at + 1 - from, count);
                return at + 1;
            }
            // The two upper bits mark pointers and the label kinds that RFC 6891 §5 retired.
            if (size > Wire.MAX_LABEL || at + 1 + size - from >= Wire.MAX_NAME) {
                return -1;
            }
            count++;
            at += 1 + size;
        }
        return -1;
    }

    private void finish(byte[] packet, int from, int size, int count) {
        length = size;
        labels = count;
        for (int i = 0; i < size; i++) {
            lower[i] = lowerCase(packet[from + i]);
        }
        int folded = HASH_SEED;
        hash[count] = spread(folded);
        for (int label = count - 1; label >= 0; label--) {
            folded = fold(folded, lower, start[label]);
            hash[label] = spread(folded);
        }
    }

    // A length octet is at most 63 and so never looks like a letter.
    static byte lowerCase(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + ('a' - 'A')) : octet;
    }

    private static int fold(int parent, byte[] lower, int label) {
        int folded = parent;
        int end = label + lower[label];
        for (int i = label; i <= end; i++) {
            folded = (folded ^ (lower[i] & 0xff)) * HASH_PRIME;
        }
        return folded;
    }

    private static int spread(int folded) {
        int mixed = folded ^ (folded >>> 15);
        mixed *= 0x2c1b3c6d;
        return mixed ^ (mixed >>> 13);
    }

    /** The hash of a whole lower-cased name; equals what a view of the name has for label 0. */
    static int hash(byte[] wire) {
        return spread(foldFrom(wire, 0));
    }

    /** Deeper by one call for each label, of which a name has at most 127. */
    private static int foldFrom(byte[] wire, int label) {
        return wire[label] == 0 ? HASH_SEED : fold(foldFrom(wire, label + 1 + wire[label]), wire, label);
    }

    /** The hash of {@code *} below the suffix that begins at {@code label}. */
    public int wildcardHash(int label) {
        int folded = HASH_SEED;
        for (int i = labels - 1; i >= label; i--) {
            folded = fold(folded, lower, start[i]);
        }
        return spread(((folded ^ 1) * HASH_PRIME ^ '*') * HASH_PRIME);
    }

    /** Number of labels, without the root. */
    public int labels() {
        return labels;
    }

    /** Octets of the whole name. */
    public int length() {
        return length;
    }

    /** Where the suffix that begins at {@code label} begins; {@code labels()} gives the root. */
    public int start(int label) {
        return start[label];
    }

    public int hash(int label) {
        return hash[label];
    }

    /** Whether the suffix that begins at {@code label} is {@code name}. */
    public boolean suffixEquals(int label, Name name) {
        return suffixEquals(label, name.wire());
    }

    /** Whether the suffix that begins at {@code label} is the name with this wire form. */
    public boolean suffixEquals(int label, byte[] wire) {
        int from = start[label];
        return length - from == wire.length && Arrays.equals(lower, from, length, wire, 0, wire.length);
    }

    /** Whether {@code name} is {@code *} followed by the suffix that begins at {@code label}. */
    public boolean wildcardEquals(int label, Name name) {
        byte[] wire = name.wire();
        int from = start[label];
        return wire.length == length - from + 2
                && wire[0] == 1
                && wire[1] == '*'
                && Arrays.equals(lower, from, length, wire, 2, wire.length);
    }

    /** The suffix that begins at {@code label}, as a value of its own. */
    public Name suffix(int label) {
        return Name.ofLower(lower, start[label], length);
    }

    public Name toName() {
        return suffix(0);
    }

    /** The labels before {@code label} followed by {@code tail}; false if that would be over-long. */
    public boolean graft(int label, byte[] tail, int tailFrom, NameView into) {
        NameView view = new NameView();
        int end = view.read(tail, tailFrom, tail.length);
        int head = start[label];
        if (end < 0 || head + view.length > Wire.MAX_NAME) {
            return false;
        }
        byte[] joined = new byte[head + view.length];
        System.arraycopy(lower, 0, joined, 0, head);
        System.arraycopy(tail, tailFrom, joined, head, view.length);
        return into.read(joined, 0, joined.length) > 0;
    }

    /** Copies the whole lower-cased name, {@link #length} octets. */
    public void copyLower(byte[] into, int at) {
        System.arraycopy(lower, 0, into, at, length);
    }

    /** The lower-cased octets from the first label on; not to be changed. */
    byte[] lower() {
        return lower;
    }
}
