package directory.thisdcos.l4lb.dns.wire;

import java.util.Arrays;

/**
 * A name taken apart for look-up: lower-cased, with the place and the hash of every suffix. The hash is folded from the
 * root towards the first label, so one pass gives the hashes of all ancestors, and a search for the longest known suffix
 * costs one probe per label. Mutable, used again for each message, for one thread.
 */
public final class NameView {
    private static final int MAX_LABELS = 127;

    /** Longer than a name by a word, which may be read or written at its last octet. */
    private final byte[] lower = new byte[Wire.MAX_NAME + Octets.WORD];

    private final int[] start = new int[MAX_LABELS + 1];
    private final long[] folded = new long[MAX_LABELS + 1];
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
        Octets.lowerCase(packet, from, lower, size);
        long hash = Octets.ROOT;
        folded[count] = hash;
        for (int label = count - 1; label >= 0; label--) {
            hash = Octets.fold(hash, lower, start[label]);
            folded[label] = hash;
        }
    }

    /** The hash of {@code *} below the suffix that begins at {@code label}. */
    public int wildcardHash(int label) {
        return Octets.spread(Octets.foldWildcard(folded[label]));
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
        return Octets.spread(folded[label]);
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
