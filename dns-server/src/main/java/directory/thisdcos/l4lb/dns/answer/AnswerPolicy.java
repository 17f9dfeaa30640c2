package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.zone.Alias;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What the server does beyond its zones.
 *
 * @param recursion whether queries outside our zones can be forwarded at all
 * @param recursionClients who may use that, beside this machine; never everybody
 * @param aliases second names of suffixes, all of them tried
 * @param transfers who may transfer zones
 * @param limit of responses over UDP to one network that may not recurse
 * @param serverId what NSID and {@code id.server} tell; empty to tell nothing
 */
public record AnswerPolicy(
        boolean recursion,
        List<IpRange> recursionClients,
        List<Alias> aliases,
        TransferPolicy transfers,
        RateLimit limit,
        Optional<String> serverId) {

    private static final OwnAddresses OWN = new OwnAddresses();

    public AnswerPolicy {
        recursionClients = List.copyOf(recursionClients);
        aliases = List.copyOf(aliases);
    }

    boolean mayRecurse(InetAddress client) {
        Ip ip = Ip.of(client);
        for (IpRange range : recursionClients) {
            if (range.contains(ip)) {
                return true;
            }
        }
        return OWN.contains(client);
    }
}
