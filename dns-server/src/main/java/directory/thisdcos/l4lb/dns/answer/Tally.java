package directory.thisdcos.l4lb.dns.answer;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one thread has answered. Written by that thread without a fence, which would cost as much as half of the look-up;
 * who reads it meanwhile sees each count a moment late.
 */
final class Tally {
    /** Response codes are counted up to what {@link directory.thisdcos.l4lb.dns.wire.Rcode} has, and then some. */
    static final int RCODES = 32;

    private static final int DROPPED = Transport.values().length * RCODES;

    private final AtomicLongArray counts = new AtomicLongArray(DROPPED + 1);

    // What the index is does not matter, as long as it is one for each.
    @SuppressWarnings("EnumOrdinal")
    private static int index(Transport transport, int rcode) {
        return transport.ordinal() * RCODES + rcode;
    }

    void answered(Transport transport, int rcode) {
        add(index(transport, rcode));
    }

    void dropped() {
        add(DROPPED);
    }

    private void add(int index) {
        counts.setOpaque(index, counts.getPlain(index) + 1);
    }

    long count(Transport transport, int rcode) {
        return counts.getOpaque(index(transport, rcode));
    }

    long droppedCount() {
        return counts.getOpaque(DROPPED);
    }
}
