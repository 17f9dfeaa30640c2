package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;

/**
 * A record out of a reply, free of compression.
 *
 * @param owner for comparing
 * @param ownerWire the owner in its own case
 * @param ttl seconds, 0 to 2^31 - 1
 * @param data with its names uncompressed, in their own case
 */
// Made and read on the way of one reply; compared by nobody.
@SuppressWarnings("ArrayRecordComponent")
record ReplyRecord(Name owner, byte[] ownerWire, int type, int ttl, byte[] data) {

    /** Of a CNAME or DNAME. */
    Name target() {
        return Name.ofWire(data, 0);
    }

    /** The type that a signature is about, or this record's own. */
    int coveredType() {
        return type == Type.RRSIG && data.length >= 2 ? Wire.u16(data, 0) : type;
    }

    /** Of a SOA: the last field, the TTL of negative answers (RFC 2308 §4). */
    long negativeTtl() {
        return Math.min(ttl, Wire.u32(data, data.length - 4));
    }
}
