package directory.thisdcos.l4lb.dns.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Addresses of recent clients as objects, so that a busy client costs none. For one thread. */
final class ClientAddresses {
    private static final int SIZE = 1_024;

    private final @Nullable Known[] known = new @Nullable Known[SIZE];

    // Compared by its octets only, here.
    @SuppressWarnings("ArrayRecordComponent")
    private record Known(byte[] octets, InetAddress address) {}

    InetAddress of(MessageSlots slots, int slot) {
        int index = (int) ((slots.clientHash(slot) * 0x9e3779b97f4a7c15L) >>> 54);
        Known there = known[index];
        if (there != null && slots.isClient(slot, there.octets())) {
            return there.address();
        }
        byte[] fresh = slots.clientAddress(slot);
        try {
            InetAddress address = InetAddress.getByAddress(fresh);
            known[index] = new Known(fresh, address);
            return address;
        } catch (UnknownHostException e) {
            throw new AssertionError("octets have a legal length", e);
        }
    }
}
