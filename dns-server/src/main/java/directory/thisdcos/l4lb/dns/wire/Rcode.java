package directory.thisdcos.l4lb.dns.wire;

/** Response codes that we send; those above 15 need an OPT record for their upper bits. */
public enum Rcode {
    NOERROR(0),
    FORMERR(1),
    SERVFAIL(2),
    NXDOMAIN(3),
    NOTIMP(4),
    REFUSED(5),
    YXDOMAIN(6),
    NOTAUTH(9),
    BADVERS(16);

    private final int value;

    Rcode(int value) {
        this.value = value;
    }

    public int value() {
        return value;
    }
}
