package directory.thisdcos.l4lb.dns.answer;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one thread has answered. Written by that thread without a fence, which would cost as much as half of the look-up;
 * who reads it meanwhile sees each count a moment late.
 */
final class Tally {
    /** Response codes are counted up to what {@link directory.thisdcos.l4lb.dns.wire.Rcode} has, and then some. */
    static final int RCODES = 32;

    /** Upper ends of the classes in which times are counted, in seconds; there is one more for what is longer. */
    private static final double[] UP_TO = {5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 5e-3, 2.5e-2, 0.1, 1};

    private static final int CLASSES = UP_TO.length + 1;
    private static final double NANOS = 1e9;

    private static final int DROPPED = Transport.values().length * RCODES;

    private final AtomicLongArray counts = new AtomicLongArray(DROPPED + 1);
    private final AtomicLongArray times = new AtomicLongArray(RCODES * CLASSES);
    private final AtomicLongArray nanos = new AtomicLongArray(RCODES);

    /** By rcode, what was answered since {@link #took}. */
    private final int[] fresh = new int[RCODES];

    // What the index is does not matter, as long as it is one for each.
    @SuppressWarnings("EnumOrdinal")
    private static int index(Transport transport, int rcode) {
        return transport.ordinal() * RCODES + rcode;
    }

    void answered(Transport transport, int rcode) {
        add(counts, index(transport, rcode), 1);
        fresh[rcode]++;
    }

    /** What was answered since the last call took so long, each: a batch is sent at once. */
    void took(long spent) {
        int place = 0;
        while (place < UP_TO.length && spent > UP_TO[place] * NANOS) {
            place++;
        }
        for (int rcode = 0; rcode < RCODES; rcode++) {
            int answers = fresh[rcode];
            if (answers > 0) {
                add(times, rcode * CLASSES + place, answers);
                add(nanos, rcode, spent * answers);
                fresh[rcode] = 0;
            }
        }
    }

    void dropped() {
        add(counts, DROPPED, 1);
    }

    private static void add(AtomicLongArray sums, int index, long more) {
        sums.setOpaque(index, sums.getPlain(index) + more);
    }

    static double[] upTo() {
        double[] ends = Arrays.copyOf(UP_TO, CLASSES);
        ends[UP_TO.length] = Double.POSITIVE_INFINITY;
        return ends;
    }

    /** Adds how many answers of an rcode fell into each class of {@link #upTo}. */
    void addTimes(int rcode, long[] sums) {
        for (int i = 0; i < CLASSES; i++) {
            sums[i] += times.getOpaque(rcode * CLASSES + i);
        }
    }

    double seconds(int rcode) {
        return nanos.getOpaque(rcode) / NANOS;
    }

    long count(Transport transport, int rcode) {
        return counts.getOpaque(index(transport, rcode));
    }

    long droppedCount() {
        return counts.getOpaque(DROPPED);
    }
}
