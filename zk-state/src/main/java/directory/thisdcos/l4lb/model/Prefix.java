package directory.thisdcos.l4lb.model;

/** A network prefix in CIDR notation; {@code length} is 0 to 32 or 0 to 128. */
public record Prefix(Ip network, int length) {

    public Prefix {
        if (length < 0 || length > network.family().bits()) {
            throw new IllegalArgumentException("prefix length " + length + " of " + network);
        }
    }

    public static Prefix host(Ip ip) {
        return new Prefix(ip, ip.family().bits());
    }

    @Override
    public String toString() {
        return network + "/" + length;
    }
}
