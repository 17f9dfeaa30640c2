package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.StringTokenizer;
import java.util.TreeMap;

/**
 * Reads {@code /proc/net/ip_vs} (ip_vs_ctl.c: ip_vs_info_seq_show): all destinations in one pass, where netlink needs a
 * dump of three system calls for each service; 12 to 16 times faster for thousands of services. It lacks thresholds,
 * tunnels, and the family of services with a firewall mark, whose destinations are left out here.
 *
 * <pre>
 *   TCP  0B000001:0050 wlc
 *     -&gt; 0A010002:1F90      Masq    1      0          0
 *   TCP  [fd01:000c:0000:0000:0000:0000:0000:0001]:0050 wlc
 *     -&gt; [fd02:…:0002]:1F90      Masq    1      0          0
 *   FWM  6C346C62 none
 * </pre>
 */
final class ProcTable {
    private static final Map<String, Integer> PROTOCOLS = Map.of("TCP", 6, "UDP", 17, "SCTP", 132);
    private static final String DESTINATION = "->";
    private static final String MARK = "FWM";

    private ProcTable() {}

    static Map<ServiceId, SortedMap<Endpoint, KernelDestination>> parse(BufferedReader reader) throws IOException {
        Map<ServiceId, SortedMap<Endpoint, KernelDestination>> table = new HashMap<>();
        Optional<SortedMap<Endpoint, KernelDestination>> current = Optional.empty();
        // No regular expressions: an audit reads tens of thousands of lines.
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            StringTokenizer words = new StringTokenizer(line);
            String first = words.hasMoreTokens() ? words.nextToken() : "";
            if (first.equals(DESTINATION)) {
                // Before the first service such a line is the heading.
                current.ifPresent(destinations -> {
                    KernelDestination destination = destination(words);
                    destinations.put(destination.address(), destination);
                });
            } else if (first.equals(MARK)) {
                current = Optional.empty();
            } else {
                current = Optional.ofNullable(PROTOCOLS.get(first)).map(protocol -> {
                    Endpoint address = endpoint(words.nextToken());
                    SortedMap<Endpoint, KernelDestination> destinations = new TreeMap<>();
                    table.put(new ServiceId.Address(address.ip(), protocol, address.port()), destinations);
                    return destinations;
                });
            }
        }
        return table;
    }

    private static KernelDestination destination(StringTokenizer words) {
        Endpoint address = endpoint(words.nextToken());
        Forwarding forwarding = Forwarding.of(words.nextToken());
        return new KernelDestination(address, forwarding, Integer.parseInt(words.nextToken()), 0, 0);
    }

    /** Hexadecimal both: {@code 0A010002:1F90}, or {@code [fd02:…]:1F90} with all digits. */
    private static Endpoint endpoint(String text) {
        int colon = text.lastIndexOf(':');
        int port = Integer.parseInt(text.substring(colon + 1), 16);
        Ip ip = text.startsWith("[")
                ? Ip.of(text.substring(1, colon - 1))
                : Ip.v4(Integer.parseUnsignedInt(text.substring(0, colon), 16));
        return new Endpoint(ip, port);
    }
}
