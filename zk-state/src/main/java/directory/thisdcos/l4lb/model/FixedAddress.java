package directory.thisdcos.l4lb.model;

/** A virtual address that a user chose ({@code VIP_0=3.3.0.6:3306}); no name may be given it. */
public record FixedAddress(Ip ip) implements Target {
    @Override
    public String text() {
        return ip.toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
