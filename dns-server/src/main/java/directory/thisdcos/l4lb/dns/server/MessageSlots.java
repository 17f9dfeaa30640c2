package directory.thisdcos.l4lb.dns.server;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;

/**
 * Memory for a batch of UDP messages, as {@code recvmmsg} and {@code sendmmsg} want it. An answer overwrites its request,
 * so that the client's address and, for a wildcard bind, the address that it asked stay where the kernel has put them.
 * Offsets are those of 64-bit Linux. For one thread.
 *
 * <pre>
 *   mmsghdr[n] { name*, namelen, iov*, iovlen, control*, controllen, flags, len }  64 octets each
 *   iovec[n] { base*, len }                                                        16
 *   sockaddr[n], control[n], data[n]
 * </pre>
 */
final class MessageSlots {
    /** A request that is larger is cut and then malformed: no query needs more. */
    static final int DATA = 4_096;

    private static final int HEADER = 64;
    private static final int NAME_LENGTH = 8;
    private static final int CONTROL_LENGTH = 40;
    private static final int MESSAGE_LENGTH = 56;
    private static final int IOVEC = 16;
    private static final int NAME = 32;
    private static final int NAME_SIZE = 28;
    private static final int CONTROL = 64;
    /** Of a cmsghdr: length (8), level (4), type (4). */
    private static final int CONTROL_HEADER = 16;

    private final int count;
    private final boolean withControl;
    private final ByteBuffer memory;
    private final long address;
    private final int iovecs;
    private final int names;
    private final int controls;
    private final int data;

    MessageSlots(int count, boolean withControl) {
        this.count = count;
        this.withControl = withControl;
        iovecs = count * HEADER;
        names = iovecs + count * IOVEC;
        controls = names + count * NAME;
        data = controls + count * CONTROL;
        memory = ByteBuffer.allocateDirect(data + count * DATA).order(ByteOrder.LITTLE_ENDIAN);
        address = Pointer.wrap(UdpCalls.runtime(), memory).address();
        for (int i = 0; i < count; i++) {
            memory.putLong(i * HEADER, address + names + (long) i * NAME);
            memory.putLong(i * HEADER + 16, address + iovecs + (long) i * IOVEC);
            memory.putLong(i * HEADER + 24, 1);
            memory.putLong(i * HEADER + 32, withControl ? address + controls + (long) i * CONTROL : 0);
            memory.putLong(iovecs + i * IOVEC, address + data + (long) i * DATA);
            reset(i);
        }
    }

    int count() {
        return count;
    }

    /** The address of the header of a slot, from which on the kernel reads or writes. */
    long header(int slot) {
        return address + (long) slot * HEADER;
    }

    /** Makes a slot ready to receive. */
    void reset(int slot) {
        memory.putInt(slot * HEADER + NAME_LENGTH, NAME_SIZE);
        memory.putLong(slot * HEADER + CONTROL_LENGTH, withControl ? CONTROL : 0);
        memory.putLong(iovecs + slot * IOVEC + 8, DATA);
    }

    /** Copies out what was received and returns its size. */
    int receive(int slot, byte[] into) {
        int size = memory.getInt(slot * HEADER + MESSAGE_LENGTH);
        memory.get(data + slot * DATA, into, 0, size);
        return size;
    }

    /** Puts the answer in place of the request. */
    void answer(int slot, byte[] bytes, int size) {
        memory.put(data + slot * DATA, bytes, 0, size);
        memory.putLong(iovecs + slot * IOVEC + 8, size);
        if (withControl) {
            answerFromWhereItCame(slot);
        }
    }

    /** Leaves the interface to routing, as Knot does: the address alone decides from where the answer comes. */
    private void answerFromWhereItCame(int slot) {
        int control = controls + slot * CONTROL;
        if (memory.getLong(slot * HEADER + CONTROL_LENGTH) < CONTROL_HEADER) {
            memory.putLong(slot * HEADER + CONTROL_LENGTH, 0);
            return;
        }
        int level = memory.getInt(control + 8);
        int info = control + CONTROL_HEADER;
        if (level == UdpCalls.IPPROTO_IP) {
            // in_pktinfo: interface, address to answer from, address that was asked.
            memory.putInt(info, 0);
            memory.putInt(info + 4, memory.getInt(info + 8));
        } else if ((memory.get(info) & 0xff) != 0xfe) {
            // in6_pktinfo: address, interface; a link-local address needs its interface.
            memory.putInt(info + 16, 0);
        }
    }

    /** 0 for a client that cannot be answered. */
    int clientPort(int slot) {
        int name = names + slot * NAME;
        return (memory.get(name + 2) & 0xff) << 8 | (memory.get(name + 3) & 0xff);
    }

    int answerSize(int slot) {
        return (int) memory.getLong(iovecs + slot * IOVEC + 8);
    }

    /** Where the kernel finds the octets of a slot. */
    long dataAddress(int slot) {
        return address + data + (long) slot * DATA;
    }

    /** Where the kernel finds a slot's client. */
    long nameAddress(int slot) {
        return address + names + (long) slot * NAME;
    }

    int nameLength(int slot) {
        return memory.getInt(slot * HEADER + NAME_LENGTH);
    }

    /** A hash of the client's address and port. */
    long socketHash(int slot) {
        int name = names + slot * NAME;
        // sockaddr_in has all in its first 8 octets; sockaddr_in6 its address in octets 8 to 23.
        long first = memory.getLong(name);
        return memory.getShort(name) == UdpCalls.AF_INET
                ? first
                : (first * 31 + memory.getLong(name + 8)) * 31 + memory.getLong(name + 16);
    }

    /** Whether two slots have the same client, with the same port. */
    boolean isSameSocket(int one, int other) {
        int a = names + one * NAME;
        int b = names + other * NAME;
        return memory.getLong(a) == memory.getLong(b)
                && (memory.getShort(a) == UdpCalls.AF_INET
                        || (memory.getLong(a + 8) == memory.getLong(b + 8)
                                && memory.getLong(a + 16) == memory.getLong(b + 16)
                                && memory.getInt(a + 24) == memory.getInt(b + 24)));
    }

    /** 8 octets of the client's address that tell clients apart well enough for a hash. */
    long clientHash(int slot) {
        int name = names + slot * NAME;
        return memory.getShort(name) == UdpCalls.AF_INET
                ? memory.getInt(name + 4)
                : memory.getLong(name + 8) * 31 + memory.getLong(name + 16);
    }

    /** The client's address, 4 or 16 octets. */
    byte[] clientAddress(int slot) {
        int name = names + slot * NAME;
        boolean v4 = memory.getShort(name) == UdpCalls.AF_INET;
        byte[] octets = new byte[v4 ? 4 : 16];
        memory.get(name + (v4 ? 4 : 8), octets);
        return octets;
    }

    boolean isClient(int slot, byte[] octets) {
        int name = names + slot * NAME;
        boolean v4 = memory.getShort(name) == UdpCalls.AF_INET;
        if (octets.length != (v4 ? 4 : 16)) {
            return false;
        }
        for (int i = 0; i < octets.length; i++) {
            if (memory.get(name + (v4 ? 4 : 8) + i) != octets[i]) {
                return false;
            }
        }
        return true;
    }

    /** Who asked and whom: what an answer that comes later needs, for {@link #restore}. */
    byte[] envelope(int slot) {
        byte[] envelope = new byte[HEADER + NAME + CONTROL];
        memory.get(slot * HEADER, envelope, 0, HEADER);
        memory.get(names + slot * NAME, envelope, HEADER, NAME);
        memory.get(controls + slot * CONTROL, envelope, HEADER + NAME, CONTROL);
        return envelope;
    }

    /** Addresses a slot to a client of before. */
    void restore(int slot, byte[] envelope) {
        memory.put(slot * HEADER + NAME_LENGTH, envelope, NAME_LENGTH, Integer.BYTES);
        memory.put(slot * HEADER + CONTROL_LENGTH, envelope, CONTROL_LENGTH, Long.BYTES);
        memory.put(names + slot * NAME, envelope, HEADER, NAME);
        memory.put(controls + slot * CONTROL, envelope, HEADER + NAME, CONTROL);
    }
}
