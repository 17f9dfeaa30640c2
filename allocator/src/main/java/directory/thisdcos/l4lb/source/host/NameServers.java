package directory.thisdcos.l4lb.source.host;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whom to ask, as resolv.conf(5) says it.
 *
 * @param servers in the order in which they are asked
 * @param search domains for names with fewer than {@code ndots} dots
 */
record NameServers(List<Endpoint> servers, List<String> search, int ndots) {

    private static final int DNS_PORT = 53;

    /** The resolver library's own limit (RES_MAXNDOTS). */
    private static final int MAX_NDOTS = 15;

    NameServers {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
    }

    /**
     * Reads a file's text. Servers at loopback addresses come last: on a node they are most often this program's own
     * server, run by another process.
     *
     * @param own where this program's DNS server listens; an unspecified address stands for every local one
     */
    static NameServers ofResolvConf(String text, Collection<Endpoint> own) {
        List<Endpoint> servers = new ArrayList<>();
        List<String> search = List.of();
        int ndots = 1;
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            List<String> values = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" ->
                    values.stream().limit(1).flatMap(ip -> address(ip).stream()).forEach(servers::add);
                case "search", "domain" -> search = values;
                case "options" -> ndots = ndots(values).orElse(ndots);
                default -> {}
            }
        }
        servers.removeIf(server -> own.stream().anyMatch(listen -> isOwn(server, listen)));
        servers.sort(Comparator.comparing(
                server -> server.ip().toInetAddress().isLoopbackAddress())); // stable: else the file's order
        return new NameServers(servers, search, ndots);
    }

    /** These servers instead, asked with the same search list. */
    NameServers withServers(List<Endpoint> others) {
        return new NameServers(others, search, ndots);
    }

    private static Optional<Endpoint> address(String text) {
        // A zone index (fe80::1%eth0) is legal here, but nothing that could be asked from every thread alike.
        return Ip.parse(text).map(ip -> new Endpoint(ip, DNS_PORT));
    }

    private static Optional<Integer> ndots(List<String> options) {
        return options.stream()
                .filter(option -> option.matches("ndots:[0-9]{1,4}"))
                .map(option -> Math.min(MAX_NDOTS, Integer.parseInt(option.substring("ndots:".length()))))
                .findFirst();
    }

    private static boolean isOwn(Endpoint server, Endpoint listen) {
        if (server.port() != listen.port()) {
            return false;
        }
        boolean everyLocal = listen.ip().toInetAddress().isAnyLocalAddress();
        return everyLocal ? LocalInterfaces.has(server.ip()) : listen.ip().equals(server.ip());
    }
}
