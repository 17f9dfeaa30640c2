package directory.thisdcos.l4lb.dns;

import directory.thisdcos.l4lb.dns.forward.ForwardSettings;
import directory.thisdcos.l4lb.dns.forward.Upstream;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.IpRange;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Settings of the DNS server.
 *
 * @param listen addresses to serve, each over UDP and TCP; port 0 lets the kernel choose one for both
 * @param forward who resolves everything outside our zones; nobody makes a purely authoritative server
 * @param authority what is answered with authority
 * @param recursionClients who may use the upstreams through us
 * @param serverId what NSID and {@code id.server} tell, such as the host name; empty to tell nothing
 * @param threads event loops, at least 1
 */
public record DnsSettings(
        List<Endpoint> listen,
        ForwardSettings forward,
        AuthoritySettings authority,
        List<IpRange> recursionClients,
        Optional<String> serverId,
        int threads) {

    /** Loopback, private, shared (RFC 6598), link-local and unique local addresses. */
    public static final List<IpRange> LOCAL_CLIENTS = Stream.of(
                    "127.0.0.0/8",
                    "10.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "100.64.0.0/10",
                    "169.254.0.0/16",
                    "::1",
                    "fc00::/7",
                    "fe80::/10")
            .map(IpRange::parse)
            .toList();

    public DnsSettings {
        listen = List.copyOf(listen);
        recursionClients = List.copyOf(recursionClients);
        if (listen.isEmpty()) {
            throw new IllegalArgumentException("the DNS server needs at least one address to listen on");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("the DNS server needs at least one thread, not " + threads);
        }
    }

    /** With the defaults of everything else. */
    public static DnsSettings of(List<Endpoint> listen, List<Endpoint> upstreams, Optional<Path> zones) {
        return of(
                listen, ForwardSettings.to(upstreams.stream().map(Upstream::of).toList()), zones);
    }

    /** With the defaults of everything else. */
    public static DnsSettings of(List<Endpoint> listen, ForwardSettings forward, Optional<Path> zones) {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        return new DnsSettings(
                listen, forward, AuthoritySettings.DEFAULT.withZones(zones), LOCAL_CLIENTS, Optional.empty(), threads);
    }

    public DnsSettings withRecursionClients(List<IpRange> clients) {
        return new DnsSettings(listen, forward, authority, clients, serverId, threads);
    }

    public DnsSettings withAuthority(AuthoritySettings settings) {
        return new DnsSettings(listen, forward, settings, recursionClients, serverId, threads);
    }
}
