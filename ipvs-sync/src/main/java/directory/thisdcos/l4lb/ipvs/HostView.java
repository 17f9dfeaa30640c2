package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Prefix;
import java.util.List;
import java.util.Set;

/**
 * What the table depends on of the host that it is for.
 *
 * @param addresses of its interfaces, each with the prefix length of its network
 * @param names by which sources call this node: host name and addresses
 * @param ipv6 whether its kernel has IPv6
 */
record HostView(List<Prefix> addresses, Set<String> names, boolean ipv6) {
    HostView {
        addresses = List.copyOf(addresses);
        names = Set.copyOf(names);
    }

    boolean hasAddress(Ip ip) {
        return addresses.stream().anyMatch(address -> address.network().equals(ip));
    }

    boolean isCalled(String node) {
        return names.contains(node);
    }
}
