package directory.thisdcos.l4lb.dns.wire;

/** Option codes of RFC 6891 §6.1.2 that we understand; all others are ignored and never echoed. */
public final class EdnsOption {
    public static final int NSID = 3;
    public static final int COOKIE = 10;
    public static final int TCP_KEEPALIVE = 11;
    public static final int PADDING = 12;
    public static final int EXTENDED_ERROR = 15;

    private EdnsOption() {}
}
