package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Prefix;
import java.util.List;
import java.util.Set;

/**
 * What the table depends on of the host that it is for, and of its settings.
 *
 * @param addresses of its interfaces, each with the prefix length of its network
 * @param names by which sources call this node: host name and addresses
 * @param ipv6 whether its kernel has IPv6
 * @param panicPercent see {@link IpvsSettings#panicPercent}
 * @param local see {@link IpvsSettings#local}
 * @param foreignMarks for which others have made services in its kernel
 */
record HostView(
        List<Prefix> addresses,
        Set<String> names,
        boolean ipv6,
        int panicPercent,
        LocalView local,
        Set<ServiceId.Mark> foreignMarks) {
    HostView {
        foreignMarks = Set.copyOf(foreignMarks);
        addresses = List.copyOf(addresses);
        names = Set.copyOf(names);
    }

    HostView(List<Prefix> addresses, Set<String> names, boolean ipv6) {
        this(addresses, names, ipv6, 1, LocalView.NONE, Set.of());
    }

    HostView(List<Prefix> addresses, Set<String> names, boolean ipv6, int panicPercent) {
        this(addresses, names, ipv6, panicPercent, LocalView.NONE, Set.of());
    }

    boolean hasAddress(Ip ip) {
        return addresses.stream().anyMatch(address -> address.network().equals(ip));
    }

    boolean isCalled(String node) {
        return names.contains(node);
    }
}
