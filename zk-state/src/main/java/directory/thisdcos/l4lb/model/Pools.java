package directory.thisdcos.l4lb.model;

/** The ranges from which names get their addresses; changing an end changes every name's first candidate. */
public record Pools(IpRange v4, IpRange v6) {

    /** dcos-net's ranges as DC/OS configures them. */
    public static final Pools DEFAULT =
            new Pools(IpRange.parse("11.0.0.0-11.255.255.255"), IpRange.parse("fd01:c::-fd01:c::ffff:ffff:ffff:ffff"));

    public Pools {
        if (v4.family() != Family.V4 || v6.family() != Family.V6) {
            throw new IllegalArgumentException("a pool is of the wrong family: " + v4 + ", " + v6);
        }
    }

    public boolean contains(Ip ip) {
        return v4.contains(ip) || v6.contains(ip);
    }
}
