package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code /proc/net/ip_vs} (ip_vs_ctl.c: ip_vs_info_seq_show): everything in one pass, where netlink needs a dump
 * of three system calls for each service; 12 to 16 times faster for thousands of services. It lacks thresholds, tunnels,
 * the schedulers' flags, and the family of services with a firewall mark, which are left out here.
 *
 * <pre>
 *   TCP  0B000001:0050 wlc
 *     -&gt; 0A010002:1F90      Masq    1      0          0
 *   UDP  0B000001:0035 rr ops
 *   TCP  [fd01:000c:0000:0000:0000:0000:0000:0001]:0050 mh persistent 75000 80
 *     -&gt; [fd02:…:0002]:1F90      Masq    1      0          0
 *   FWM  6C346C62 none
 * </pre>
 */
final class ProcTable {
    private static final Map<String, Integer> PROTOCOLS = Map.of("TCP", 6, "UDP", 17, "SCTP", 132);
    private static final String DESTINATION = "->";
    private static final String ONE_PACKET = "ops";
    private static final String PERSISTENT = "persistent";

    /** A service, as far as it is shown. */
    record Service(String scheduler, boolean onePacket, boolean persistent, Map<Endpoint, Destination> destinations) {

        /** Whether an entry that we know looks like this. */
        boolean shows(ServiceEntry entry) {
            KernelService service = entry.service();
            if (!service.scheduler().equals(scheduler)
                    // For IPv6 the kernel leaves this word out.
                    || (service.id().family() == Family.V4 && service.has(KernelService.ONE_PACKET) != onePacket)
                    || service.has(KernelService.PERSISTENT) != persistent
                    || entry.destinations().size() != destinations.size()) {
                return false;
            }
            for (KernelDestination known : entry.destinations().values()) {
                Destination shown = destinations.get(known.address());
                if (shown == null || shown.weight != known.weight() || shown.forwarding != known.forwarding()) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * A destination, as far as it is shown.
     *
     * @param active established and half-open connections
     * @param inactive all others that the kernel still remembers
     */
    record Destination(Forwarding forwarding, int weight, int active, int inactive) {}

    private ProcTable() {}

    static Map<ServiceId, Service> parse(BufferedReader reader) throws IOException {
        Map<ServiceId, Service> table = new HashMap<>();
        @Nullable Service current = null;
        // No regular expressions: an audit reads tens of thousands of lines.
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            StringTokenizer words = new StringTokenizer(line);
            String first = words.hasMoreTokens() ? words.nextToken() : "";
            if (first.equals(DESTINATION)) {
                // Before the first service such a line is the heading.
                if (current != null) {
                    current.destinations.put(endpoint(words.nextToken()), destination(words));
                }
                continue;
            }
            Integer protocol = PROTOCOLS.get(first);
            current = null;
            if (protocol != null) {
                Endpoint address = endpoint(words.nextToken());
                current = service(words);
                table.put(new ServiceId.Address(address.ip(), protocol, address.port()), current);
            }
        }
        return table;
    }

    private static Service service(StringTokenizer words) {
        String scheduler = words.nextToken();
        boolean onePacket = false;
        boolean persistent = false;
        while (words.hasMoreTokens()) {
            String word = words.nextToken();
            onePacket |= word.equals(ONE_PACKET);
            persistent |= word.equals(PERSISTENT);
        }
        return new Service(scheduler, onePacket, persistent, new HashMap<>());
    }

    private static Destination destination(StringTokenizer words) {
        return new Destination(
                Forwarding.of(words.nextToken()),
                number(words.nextToken()),
                number(words.nextToken()),
                number(words.nextToken()));
    }

    private static int number(String text) {
        return Integer.parseInt(text);
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
