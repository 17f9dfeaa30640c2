package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.zone.ZoneHistory;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Supplier;

/**
 * Who may transfer zones.
 *
 * @param clients from these addresses without a signature
 * @param keys from everywhere with a signature by one of these
 * @param history what incremental transfers are made from
 */
public record TransferPolicy(List<IpRange> clients, Supplier<TsigKeys> keys, ZoneHistory history) {
    /** The machine itself. */
    public static final List<IpRange> LOOPBACK = List.of(IpRange.parse("127.0.0.0/8"), IpRange.parse("::1"));

    public TransferPolicy {
        clients = List.copyOf(clients);
    }

    boolean allows(InetAddress client, boolean signed) {
        Ip ip = Ip.of(client);
        return signed || clients.stream().anyMatch(range -> range.contains(ip));
    }
}
