package directory.thisdcos.l4lb.dns.wire;

/**
 * Writes names, each as a pointer to the longest suffix that the message already holds (RFC 1035 §4.1.4). Remembers a
 * bounded number of suffixes, so a large answer costs no quadratic search. For one message at a time.
 */
public final class NameCompressor {
    private static final int CAPACITY = 256;
    private static final int MAX_POINTER = 0x3fff;

    private final NameView view = new NameView();
    private final int[] hashes = new int[CAPACITY];
    private final int[] offsets = new int[CAPACITY];
    private int size;

    /** Forgets all names: for the next message. */
    public void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** Forgets the names after the first {@code count}: what was written with them has been taken back. */
    void rollback(int count) {
        size = count;
    }

    /** Notes the suffixes of a name that stands uncompressed in the message. */
    public void note(NameView name, int offset) {
        for (int label = 0; label < name.labels(); label++) {
            remember(name.hash(label), offset + name.start(label));
        }
    }

    private void remember(int hash, int offset) {
        if (size < CAPACITY && offset <= MAX_POINTER) {
            hashes[size] = hash;
            offsets[size++] = offset;
        }
    }

    /** Writes the uncompressed name at {@code from} of {@code source} and returns the offset after it. */
    public int write(byte[] source, int from, byte[] out, int at) {
        view.read(source, from, source.length);
        int known = 0;
        int pointer = -1;
        while (known < view.labels() && (pointer = find(out, known)) < 0) {
            known++;
        }
        int head = view.start(known);
        System.arraycopy(source, from, out, at, head);
        for (int label = 0; label < known; label++) {
            remember(view.hash(label), at + view.start(label));
        }
        if (pointer < 0) {
            out[at + head] = 0;
            return at + head + 1;
        }
        Wire.put16(out, at + head, 0xc000 | pointer);
        return at + head + 2;
    }

    private int find(byte[] out, int label) {
        for (int i = 0; i < size; i++) {
            if (hashes[i] == view.hash(label) && matches(out, offsets[i], view.start(label))) {
                return offsets[i];
            }
        }
        return -1;
    }

    /** Compares without regard to case; the message is our own, so its pointers are sound. */
    private boolean matches(byte[] out, int offset, int from) {
        byte[] lower = view.lower();
        int there = offset;
        int here = from;
        while (true) {
            int octet = out[there] & 0xff;
            if (octet >= 0xc0) {
                there = Wire.u16(out, there) & MAX_POINTER;
                continue;
            }
            if (octet != lower[here]) {
                return false;
            }
            if (octet == 0) {
                return true;
            }
            for (int i = 1; i <= octet; i++) {
                byte letter = out[there + i];
                byte folded = letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
                if (folded != lower[here + i]) {
                    return false;
                }
            }
            there += 1 + octet;
            here += 1 + octet;
        }
    }
}
