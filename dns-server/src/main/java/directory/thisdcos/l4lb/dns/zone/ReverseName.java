package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Prefix;
import java.util.ArrayList;
import java.util.List;

/** Names below {@code in-addr.arpa} (RFC 1035 §3.5) and {@code ip6.arpa} (RFC 3596 §2.5). */
final class ReverseName {
    private static final Name V4 = Name.of("in-addr.arpa");
    private static final Name V6 = Name.of("ip6.arpa");
    private static final int OCTET = 8;
    private static final int NIBBLE = 4;

    private ReverseName() {}

    /** The owner of an address's PTR record. */
    static Name of(Ip ip) {
        return of(ip, ip.family().bits());
    }

    /**
     * The zones that hold exactly the addresses of the pools. A pool that ends within an octet (IPv6: a nibble) gets
     * several zones rather than one that would also speak for its neighbours.
     */
    static List<Name> origins(Pools pools) {
        return pools.ranges().stream().flatMap(range -> origins(range).stream()).toList();
    }

    private static List<Name> origins(IpRange range) {
        List<Name> origins = new ArrayList<>();
        for (Prefix prefix : range.prefixes()) {
            int step = prefix.network().isV4() ? OCTET : NIBBLE;
            int length = (prefix.length() + step - 1) / step * step;
            int bits = prefix.network().family().bits();
            for (int i = 0; i < 1 << (length - prefix.length()); i++) {
                origins.add(of(plus(prefix.network(), i, bits - length), length));
            }
        }
        return origins;
    }

    private static Ip plus(Ip network, int count, int shift) {
        byte[] octets = network.octets();
        // The zones of one prefix differ within one octet only.
        int index = octets.length - 1 - shift / OCTET;
        if (count > 0) {
            octets[index] = (byte) (octets[index] + (count << shift % OCTET));
        }
        return Ip.of(octets);
    }

    private static Name of(Ip ip, int length) {
        byte[] octets = ip.octets();
        String[] labels = new String[length / (ip.isV4() ? OCTET : NIBBLE)];
        for (int i = 0; i < labels.length; i++) {
            labels[labels.length - 1 - i] = ip.isV4()
                    ? Integer.toString(octets[i] & 0xff)
                    : Integer.toHexString(octets[i / 2] >>> (i % 2 == 0 ? NIBBLE : 0) & 0xf);
        }
        return (ip.isV4() ? V4 : V6).child(labels);
    }
}
