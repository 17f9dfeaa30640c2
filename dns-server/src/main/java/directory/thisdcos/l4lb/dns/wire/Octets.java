package directory.thisdcos.l4lb.dns.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Names eight octets at a time: lower case without a branch, and a hash that is folded label by label. */
final class Octets {
    /** Octets of a word. */
    static final int WORD = Long.BYTES;

    /** The state of the hash at the root, from which labels are folded towards the first one. */
    static final long ROOT = 0x811c9dc5c9dc5118L;

    private static final long PRIME = 0x9e3779b97f4a7c15L;
    private static final long FINISH = 0xbf58476d1ce4e5b9L;
    /** An octet of each word, eight times: lower seven bits, top bit, and the distances of A and Z to the top bit. */
    private static final long LOW = 0x7f7f7f7f7f7f7f7fL;

    private static final long TOP = 0x8080808080808080L;
    private static final long TO_A = 0x3f3f3f3f3f3f3f3fL;
    private static final long BEYOND_Z = 0x2525252525252525L;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Octets() {}

    /** Copies octets with the letters A to Z made small; writes up to seven octets beyond the last one. */
    static void lowerCase(byte[] from, int at, byte[] to, int size) {
        int i = 0;
        for (; i < size && at + i + WORD <= from.length; i += WORD) {
            WORDS.set(to, i, lowerCase((long) WORDS.get(from, at + i)));
        }
        for (; i < size; i++) {
            to[i] = lowerCase(from[at + i]);
        }
    }

    // The length octets of labels are at most 63 and so never look like a letter.
    static byte lowerCase(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + ('a' - 'A')) : octet;
    }

    private static long lowerCase(long word) {
        long low = word & LOW;
        long fromA = low + TO_A;
        long aboveZ = low + BEYOND_Z;
        long letters = (fromA ^ aboveZ) & ~word & TOP;
        // 0x80 becomes 0x20, which is what tells the cases apart.
        return word | (letters >>> 2);
    }

    /** The state of the hash after the label whose length octet is at {@code label}. */
    static long fold(long parent, byte[] lower, int label) {
        long folded = parent;
        int end = label + 1 + lower[label];
        for (int at = label; at < end; at += WORD) {
            folded = mix(folded, word(lower, at, end - at));
        }
        return folded;
    }

    /** The same for the label {@code *}. */
    static long foldWildcard(long parent) {
        return mix(parent, 1 | ('*' << Byte.SIZE));
    }

    private static long mix(long folded, long word) {
        long mixed = (folded ^ word) * PRIME;
        return mixed ^ (mixed >>> 32);
    }

    /** At most the first {@code count} octets, the others zero. */
    private static long word(byte[] bytes, int at, int count) {
        if (at + WORD <= bytes.length) {
            long word = (long) WORDS.get(bytes, at);
            return count >= WORD ? word : word & ((1L << (Byte.SIZE * count)) - 1);
        }
        long word = 0;
        for (int i = Math.min(count, bytes.length - at) - 1; i >= 0; i--) {
            word = (word << Byte.SIZE) | (bytes[at + i] & 0xff);
        }
        return word;
    }

    /** Makes a hash of a state. */
    static int spread(long folded) {
        return (int) ((folded * FINISH) >>> 32);
    }

    /** The hash of a whole lower-cased name in wire form. */
    static int hash(byte[] wire) {
        return spread(foldFrom(wire, 0));
    }

    /** Deeper by one call for each label, of which a name has at most 127. */
    private static long foldFrom(byte[] wire, int label) {
        return wire[label] == 0 ? ROOT : fold(foldFrom(wire, label + 1 + wire[label]), wire, label);
    }
}
