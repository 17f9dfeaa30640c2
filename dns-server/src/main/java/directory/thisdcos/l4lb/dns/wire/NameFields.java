package directory.thisdcos.l4lb.dns.wire;

/** Where record data holds names. */
final class NameFields {

    private NameFields() {}

    /** Octets before the first name of a record's data, or -1 if the type holds no name that we would touch. */
    static int prefix(int type) {
        return switch (type) {
            case Type.NS, Type.CNAME, Type.SOA, Type.PTR, Type.DNAME -> 0;
            case Type.MX -> 2;
            case Type.SRV -> 6;
            default -> -1;
        };
    }

    /** Number of names that stand one after the other. */
    static int count(int type) {
        return prefix(type) < 0 ? 0 : type == Type.SOA ? 2 : 1;
    }

    /** Only types of RFC 1035 may be compressed (RFC 3597 §4). */
    static boolean isCompressible(int type) {
        return type == Type.NS || type == Type.CNAME || type == Type.SOA || type == Type.PTR || type == Type.MX;
    }
}
