package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.Optional;

/**
 * What an upstream said, as it is kept: the records behind the question, ready to be copied behind the question of any
 * client, since compression pointers lead to a question of this size or to the records themselves. Immutable.
 *
 * @param rcode all twelve bits
 * @param authentic the upstream's AD
 * @param truncated whether records are missing
 * @param records answer and authority section
 * @param ends where each record ends in {@code records}
 * @param ttls where each record's TTL stands in {@code records}
 * @param answers how many of them are the answer section
 * @param extendedError the upstream's extended error with its option header, or nothing
 * @param lifetimeSeconds how long it may be kept; 0 is not at all
 * @param continuesAt the name of ours to which the chain of aliases leads
 */
// Arrays are never changed after construction; nobody compares.
@SuppressWarnings("ArrayRecordComponent")
record Answer(
        int rcode,
        boolean authentic,
        boolean truncated,
        byte[] records,
        int[] ends,
        int[] ttls,
        int answers,
        byte[] extendedError,
        int lifetimeSeconds,
        Optional<Name> continuesAt) {

    /** No record, just a response code. */
    static Answer bare(int rcode) {
        return bare(rcode, new byte[0]);
    }

    /** No record, just a response code of ours and the reason. */
    static Answer failure(Rcode rcode, ExtendedError reason) {
        return bare(rcode.value(), reason.option());
    }

    private static Answer bare(int rcode, byte[] error) {
        return new Answer(rcode, false, false, new byte[0], new int[0], new int[0], 0, error, 0, Optional.empty());
    }

    /**
     * Writes as many whole records as fit behind the question that ends at {@code at}, and the counts and the TC bit of the
     * header, which must be clear.
     *
     * @param age seconds since the upstream said it; TTLs are counted down by it
     * @param fixedTtl the TTL of every record, or -1 for its own
     * @param limit octets that the message may have
     * @return the end of what was written
     */
    int write(byte[] out, int at, int limit, long age, int fixedTtl) {
        int kept = ends.length;
        while (kept > 0 && at + ends[kept - 1] > limit) {
            kept--;
        }
        int size = kept == 0 ? 0 : ends[kept - 1];
        System.arraycopy(records, 0, out, at, size);
        for (int i = 0; i < kept; i++) {
            long ttl = fixedTtl >= 0 ? fixedTtl : Math.max(0, Wire.u32(records, ttls[i]) - age);
            Wire.put32(out, at + ttls[i], ttl);
        }
        Wire.put16(out, 6, Math.min(kept, answers));
        Wire.put16(out, 8, Math.max(0, kept - answers));
        if (truncated || kept < ends.length) {
            Wire.put16(out, 2, Wire.u16(out, 2) | Wire.TC);
        }
        return at + size;
    }
}
