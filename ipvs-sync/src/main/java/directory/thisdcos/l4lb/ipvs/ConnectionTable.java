package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * Reads {@code /proc/net/ip_vs_conn} (ip_vs_conn.c: ip_vs_conn_seq_show) to tell whether a server is still in use: the
 * kernel counts half-closed connections, which may still carry an answer, together with those that are over
 * (ip_vs_proto_tcp.c: tcp_state_active_table).
 *
 * <pre>
 *   Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
 *   TCP 0A020002 9C40 0B000001 0050 0A010002 1F90 FIN_WAIT        115
 * </pre>
 */
final class ConnectionTable {
    private static final Set<String> OVER = Set.of("TIME_WAIT", "CLOSE", "NONE");
    /** The client's port of what the kernel keeps for persistence, which is no connection. */
    private static final String TEMPLATE_PORT = "0000";

    /** A port of a service for all of them. */
    private static final String ALL = " " + TEMPLATE_PORT;

    private static final Map<Integer, String> PROTOCOLS = Map.of(6, "TCP", 17, "UDP", 132, "SCTP");

    private ConnectionTable() {}

    /** Those of the destinations, all of services at an address, that have a connection that is not over. */
    static Set<DestinationKey> inUse(BufferedReader reader, Collection<DestinationKey> destinations)
            throws IOException {
        Map<String, DestinationKey> wanted = new HashMap<>();
        destinations.forEach(key -> wanted.put(text(key), key));
        boolean hasAllPorts = wanted.keySet().stream().anyMatch(text -> text.endsWith(ALL));
        Set<DestinationKey> found = new HashSet<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            StringTokenizer words = new StringTokenizer(line);
            if (words.countTokens() < 8) {
                continue;
            }
            String protocol = words.nextToken();
            words.nextToken();
            boolean template = words.nextToken().equals(TEMPLATE_PORT);
            String service = " " + words.nextToken();
            String port = " " + words.nextToken();
            String server = " " + words.nextToken();
            String serverPort = " " + words.nextToken();
            if (template || OVER.contains(words.nextToken())) {
                continue;
            }
            DestinationKey one = wanted.get(protocol + service + port + server + serverPort);
            if (one != null) {
                found.add(one);
            }
            DestinationKey all = hasAllPorts ? wanted.get(protocol + service + ALL + server + ALL) : null;
            if (all != null) {
                found.add(all);
            }
        }
        return found;
    }

    private static String text(DestinationKey key) {
        ServiceId.Address service = (ServiceId.Address) key.service();
        return PROTOCOLS.getOrDefault(service.protocol(), "?")
                + text(new Endpoint(service.ip(), service.port()))
                + text(key.server());
    }

    private static String text(Endpoint endpoint) {
        return " " + text(endpoint.ip()) + " " + String.format(Locale.ROOT, "%04X", endpoint.port());
    }

    /** All digits: {@code 0A020002}, {@code fd01:000c:…:0001}. */
    private static String text(Ip ip) {
        byte[] octets = ip.octets();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < octets.length; i++) {
            boolean six = ip.family() == Family.V6;
            if (six && i > 0 && i % 2 == 0) {
                text.append(':');
            }
            text.append(String.format(Locale.ROOT, six ? "%02x" : "%02X", octets[i]));
        }
        return text.toString();
    }
}
