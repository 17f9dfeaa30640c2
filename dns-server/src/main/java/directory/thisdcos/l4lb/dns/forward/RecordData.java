package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Type;

/** Where names stand in the data of a type that may be compressed (RFC 1035, RFC 3597 §4): octets before, names. */
record RecordData(int prefix, int names) {
    private static final RecordData OPAQUE = new RecordData(0, 0);
    private static final RecordData NAME = new RecordData(0, 1);
    private static final RecordData TWO_NAMES = new RecordData(0, 2);
    private static final RecordData PREFERENCE_AND_NAME = new RecordData(2, 1);
    private static final RecordData SERVICE = new RecordData(6, 1);
    private static final RecordData SIGNATURE = new RecordData(18, 1);

    private static final int MD = 3;
    private static final int MF = 4;
    private static final int MB = 7;
    private static final int MG = 8;
    private static final int MR = 9;
    private static final int MINFO = 14;
    private static final int RP = 17;
    private static final int AFSDB = 18;
    private static final int RT = 21;
    private static final int SIG = 24;
    private static final int PX = 26;
    private static final int KX = 36;

    static RecordData of(int type) {
        return switch (type) {
            case Type.NS, Type.CNAME, Type.PTR, Type.DNAME, MD, MF, MB, MG, MR -> NAME;
            case Type.SOA, MINFO, RP -> TWO_NAMES;
            case Type.MX, AFSDB, RT, KX -> PREFERENCE_AND_NAME;
            case Type.SRV -> SERVICE;
            case SIG, Type.RRSIG -> SIGNATURE;
            case PX -> new RecordData(2, 2);
            default -> OPAQUE;
        };
    }

    /** Whether what we send may be compressed: only the types of RFC 1035 (RFC 3597 §4). */
    static boolean mayCompress(int type) {
        return type == Type.NS || type == Type.CNAME || type == Type.SOA || type == Type.PTR || type == Type.MX;
    }
}
