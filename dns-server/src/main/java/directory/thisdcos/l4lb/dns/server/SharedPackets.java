package directory.thisdcos.l4lb.dns.server;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import jnr.ffi.Pointer;

/**
 * Lets answers to one socket of a client that have the same length pass through the kernel as one packet, which it takes apart
 * again before the client or the wire sees it (UDP_SEGMENT, udp(7), since Linux 4.18): nine tenths of what an answer costs is
 * that way. A forwarder or a program without a cache, which has many queries under way at one socket, is answered with half of
 * the CPU time. Fewer than {@value #MIN_SHARED} answers go by themselves, as do all of a stub resolver's: somebody who watches
 * with tcpdump sees the packets before they are taken apart. For one thread.
 *
 * <pre>
 *   mmsghdr[n], iovec[n], control[n]: cmsghdr { length, level, type }, u16 octets of a segment
 * </pre>
 */
final class SharedPackets {
    /** Answers; below it the packet is not worth its strange look. */
    static final int MIN_SHARED = 4;
    /** Octets of one packet, with room for the headers of IP and UDP below 64 KiB. */
    private static final int MAX_OCTETS = 65_000;

    private static final int HEADER = 64;
    private static final int IOVEC = 16;
    private static final int CONTROL = 24;
    private static final int CONTROL_USED = 18;
    /** Groups are found again by a hash; two of the same hash only cost a chance to share. */
    private static final int BUCKETS = 128;

    private final int count;
    private final ByteBuffer memory;
    private final long address;
    private final int[] buckets = new int[BUCKETS];
    private final int[] groupOf;
    /** Of each group: its first slot, how many slots, and where its next iovec goes, or -1 before the first. */
    private final int[] firstOf;

    private final int[] sizeOf;
    private final int[] nextOf;
    /** The slot that each packet begins with. */
    private final int[] packets;

    SharedPackets(int count) {
        this.count = count;
        groupOf = new int[count];
        firstOf = new int[count];
        sizeOf = new int[count];
        nextOf = new int[count];
        packets = new int[count];
        memory = ByteBuffer.allocateDirect(count * (HEADER + IOVEC + CONTROL)).order(ByteOrder.LITTLE_ENDIAN);
        address = Pointer.wrap(UdpCalls.runtime(), memory).address();
        for (int i = 0; i < count; i++) {
            memory.putLong(control(i), CONTROL_USED);
            memory.putInt(control(i) + 8, UdpCalls.SOL_UDP);
            memory.putInt(control(i) + 12, UdpCalls.UDP_SEGMENT);
        }
    }

    private int iovec(int i) {
        return count * HEADER + i * IOVEC;
    }

    private int control(int i) {
        return count * (HEADER + IOVEC) + i * CONTROL;
    }

    /**
     * Sends the answered ones of {@code received} slots.
     *
     * @return false, with nothing sent, if none of them share a packet
     */
    boolean send(UdpSocket socket, MessageSlots slots, boolean[] answered, int received) {
        if (!group(slots, answered, received)) {
            return false;
        }
        int built = build(slots, answered, received);
        int next = 0;
        while (next < built) {
            int sent = socket.send(address + (long) next * HEADER, built - next);
            next += sent;
            if (next < built) {
                // A route without segmentation, or too small for one; or nobody gets it, and the others are next.
                sendAlone(socket, slots, groupOf[packets[next]], received);
                next++;
            }
        }
        return true;
    }

    /** Whether there is a group that is worth it. */
    private boolean group(MessageSlots slots, boolean[] answered, int received) {
        Arrays.fill(buckets, -1);
        int groups = 0;
        int largest = 0;
        for (int slot = 0; slot < received; slot++) {
            if (!answered[slot]) {
                groupOf[slot] = -1;
                continue;
            }
            int size = slots.answerSize(slot);
            int bucket = (int) (((slots.socketHash(slot) + size) * 0x9e3779b97f4a7c15L) >>> 57);
            int group = buckets[bucket];
            if (group < 0
                    || slots.answerSize(firstOf[group]) != size
                    || !slots.isSameSocket(firstOf[group], slot)
                    || (sizeOf[group] + 1) * size > MAX_OCTETS) {
                group = groups++;
                buckets[bucket] = group;
                firstOf[group] = slot;
                sizeOf[group] = 0;
                nextOf[group] = -1;
            }
            groupOf[slot] = group;
            sizeOf[group]++;
            largest = Math.max(largest, sizeOf[group]);
        }
        return largest >= MIN_SHARED;
    }

    private int build(MessageSlots slots, boolean[] answered, int received) {
        int built = 0;
        int placed = 0;
        for (int slot = 0; slot < received; slot++) {
            if (!answered[slot]) {
                continue;
            }
            int group = groupOf[slot];
            boolean shared = sizeOf[group] >= MIN_SHARED;
            int iovec;
            if (shared && nextOf[group] >= 0) {
                iovec = nextOf[group]++;
            } else {
                iovec = placed;
                int share = shared ? sizeOf[group] : 1;
                placed += share;
                nextOf[group] = iovec + 1;
                header(slots, slot, built, iovec, share);
                packets[built++] = slot;
            }
            memory.putLong(iovec(iovec), slots.dataAddress(slot));
            memory.putLong(iovec(iovec) + 8, slots.answerSize(slot));
        }
        return built;
    }

    private void header(MessageSlots slots, int slot, int packet, int iovec, int share) {
        int at = packet * HEADER;
        memory.putLong(at, slots.nameAddress(slot));
        memory.putInt(at + 8, slots.nameLength(slot));
        memory.putLong(at + 16, address + iovec(iovec));
        memory.putLong(at + 24, share);
        memory.putLong(at + 32, share > 1 ? address + control(packet) : 0);
        memory.putLong(at + 40, share > 1 ? CONTROL : 0);
        memory.putShort(control(packet) + 16, (short) slots.answerSize(slot));
    }

    private void sendAlone(UdpSocket socket, MessageSlots slots, int group, int received) {
        if (sizeOf[group] < MIN_SHARED) {
            return;
        }
        for (int slot = 0; slot < received; slot++) {
            if (groupOf[slot] == group) {
                socket.send(slots, slot, slot + 1);
            }
        }
    }
}
