package directory.thisdcos.l4lb.dns.forward;

import java.security.SecureRandom;

/** Unpredictable ids and letters' cases, drawn in batches because each draw costs a system call. Safe for every thread. */
final class Entropy {
    private static final int BATCH = 512;

    private final SecureRandom random = new SecureRandom();
    private final byte[] drawn = new byte[BATCH];
    private int used = BATCH;

    /** A transaction id, 0 to 65535. */
    synchronized int id() {
        return octet() << 8 | octet();
    }

    /** Sets the case of each letter at random (draft-vixie-dnsext-dns0x20): more for a forger to guess. */
    synchronized void mixCase(byte[] bytes, int from, int to) {
        int bits = 0;
        int left = 0;
        for (int i = from; i < to; i++) {
            int letter = bytes[i] | 0x20;
            if (letter < 'a' || letter > 'z') {
                continue;
            }
            if (left == 0) {
                bits = octet();
                left = 8;
            }
            bytes[i] = (byte) (letter ^ ((bits & 1) << 5));
            bits >>>= 1;
            left--;
        }
    }

    private int octet() {
        if (used == BATCH) {
            random.nextBytes(drawn);
            used = 0;
        }
        return drawn[used++] & 0xff;
    }
}
