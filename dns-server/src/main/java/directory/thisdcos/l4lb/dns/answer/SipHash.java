package directory.thisdcos.l4lb.dns.answer;

/** SipHash-2-4, the keyed hash that RFC 9018 §4.4 prescribes for server cookies. */
final class SipHash {

    private SipHash() {}

    /** Of the first {@code length} octets; the key is given as its two little-endian halves. */
    static long hash(long key0, long key1, byte[] data, int length) {
        long[] v = {
            key0 ^ 0x736f6d6570736575L,
            key1 ^ 0x646f72616e646f6dL,
            key0 ^ 0x6c7967656e657261L,
            key1 ^ 0x7465646279746573L
        };
        int whole = length & ~7;
        for (int at = 0; at < whole; at += 8) {
            absorb(v, word(data, at, 8));
        }
        absorb(v, (long) length << 56 | word(data, whole, length - whole));
        v[2] ^= 0xff;
        for (int i = 0; i < 4; i++) {
            round(v);
        }
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static long word(byte[] data, int from, int size) {
        long word = 0;
        for (int i = 0; i < size; i++) {
            word |= (data[from + i] & 0xffL) << (8 * i);
        }
        return word;
    }

    private static void absorb(long[] v, long word) {
        v[3] ^= word;
        round(v);
        round(v);
        v[0] ^= word;
    }

    private static void round(long[] v) {
        v[0] += v[1];
        v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
        v[0] = Long.rotateLeft(v[0], 32);
        v[2] += v[3];
        v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
        v[2] = Long.rotateLeft(v[2], 32);
    }
}
