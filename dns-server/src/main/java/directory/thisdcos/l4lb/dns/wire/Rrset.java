package directory.thisdcos.l4lb.dns.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The records of one name and type, encoded once so that answering is copying: each record stands with the owner
 * {@code C0 0C}, a pointer to the question's name, followed by type, class, TTL, length and uncompressed data. Immutable.
 */
public final class Rrset {
    /** Octets of a record before its data: owner pointer, type, class, TTL, length. */
    static final int FIXED = 12;

    private static final int POINTER_TO_QUESTION = 0xc00c;

    /** Most sets have one record, and a zone of ours four sets for each name: these share where it begins and ends. */
    private static final int[][] SINGLE =
            IntStream.range(0, 512).mapToObj(end -> new int[] {0, end}).toArray(int[][]::new);

    private final byte[] wire;
    private final int[] starts;
    /** Beside the encoded form, so that a look-up for another type does not touch that. */
    private final int type;

    private Rrset(byte[] wire, int[] starts) {
        this.wire = wire;
        this.starts = starts;
        this.type = Wire.u16(wire, 2);
    }

    /** Of class IN; {@code data} holds the uncompressed RDATA of each record, at least one. Duplicates count once. */
    public static Rrset of(int type, long ttl, List<byte[]> data) {
        List<byte[]> distinct = data.size() == 1 ? data : distinct(data);
        int size = FIXED * distinct.size();
        for (byte[] one : distinct) {
            size += one.length;
        }
        byte[] wire = new byte[size];
        int[] starts = new int[distinct.size() + 1];
        int at = 0;
        for (int i = 0; i < distinct.size(); i++) {
            byte[] one = distinct.get(i);
            starts[i] = at;
            Wire.put16(wire, at, POINTER_TO_QUESTION);
            Wire.put16(wire, at + 2, type);
            Wire.put16(wire, at + 4, Wire.IN);
            Wire.put32(wire, at + 6, ttl);
            Wire.put16(wire, at + 10, one.length);
            System.arraycopy(one, 0, wire, at + FIXED, one.length);
            at += FIXED + one.length;
        }
        starts[distinct.size()] = at;
        return new Rrset(wire, distinct.size() == 1 && at < SINGLE.length ? SINGLE[at] : starts);
    }

    private static List<byte[]> distinct(List<byte[]> data) {
        List<byte[]> distinct = new ArrayList<>(data.size());
        for (byte[] one : data) {
            if (distinct.size() < 64 && distinct.stream().anyMatch(known -> Arrays.equals(known, one))) {
                continue;
            }
            distinct.add(one);
        }
        return distinct;
    }

    /** One TXT record of class CHAOS, with which a server tells of itself (RFC 4892). */
    public static Rrset chaosText(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        byte[] data = new byte[1 + Math.min(octets.length, 255)];
        data[0] = (byte) (data.length - 1);
        System.arraycopy(octets, 0, data, 1, data.length - 1);
        Rrset rrset = of(Type.TXT, 0, List.of(data));
        Wire.put16(rrset.wire, 4, Wire.CHAOS);
        return rrset;
    }

    /** The same records with another TTL. */
    public Rrset withTtl(long ttl) {
        byte[] copy = wire.clone();
        for (int i = 0; i < size(); i++) {
            Wire.put32(copy, starts[i] + 6, ttl);
        }
        return new Rrset(copy, starts);
    }

    public int type() {
        return type;
    }

    public long ttl() {
        return Wire.u32(wire, 6);
    }

    /** Number of records, at least 1. */
    public int size() {
        return starts.length - 1;
    }

    /** All records as described above; not to be changed. */
    public byte[] wire() {
        return wire;
    }

    /** Where record {@code index} begins in {@link #wire}; {@code size()} gives the end. */
    int start(int index) {
        return starts[index];
    }

    /** Where the data of record {@code index} begins in {@link #wire}. */
    public int dataStart(int index) {
        return starts[index] + FIXED;
    }

    public byte[] data(int index) {
        return Arrays.copyOfRange(wire, dataStart(index), starts[index + 1]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rrset that && Arrays.equals(wire, that.wire);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(wire);
    }

    @Override
    public String toString() {
        return "Rrset[type=" + type() + ", ttl=" + ttl() + ", records=" + size() + "]";
    }
}
