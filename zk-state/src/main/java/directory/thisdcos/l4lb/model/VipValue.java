package directory.thisdcos.l4lb.model;

import java.util.Optional;

/**
 * The value of a VIP label: {@code ADDRESS:PORT}, {@code [IPV6]:PORT}, or {@code NAME:PORT}, split at the last colon.
 *
 * @param host the text before the port; a literal address has lost its brackets
 * @param fixed the address if {@code host} is one
 * @param port 1 to 65535, or {@link ServiceKey#ALL_PORTS}, written {@code *}
 */
public record VipValue(String host, Optional<Ip> fixed, int port) {

    private static final int MAX_PORT = 65535;

    /** Not 0: consoles fill it in where a port is still to come. */
    private static final String ALL = "*";

    /** Parses a label value. The exception's message names what is wrong and the fix. */
    public static VipValue parse(String value) throws InvalidVipException {
        int colon = value.lastIndexOf(':');
        if (colon < 0) {
            throw new InvalidVipException(
                    "'" + value + "' has no port; write NAME:PORT or ADDRESS:PORT, such as /my-service:5555");
        }
        int port = parsePort(value, value.substring(colon + 1));
        String host = value.substring(0, colon);
        // One bracket is enough to know what was meant; without this, "[fd01::1:80" would be the name "fd011".
        if (host.startsWith("[") || host.endsWith("]")) {
            String inner = host.startsWith("[") && host.endsWith("]") && host.length() > 1
                    ? host.substring(1, host.length() - 1)
                    : "";
            Ip ip = Ip.parse(inner)
                    .filter(address -> !address.isV4())
                    .orElseThrow(() -> new InvalidVipException(
                            "'" + value + "' has a bracket but no IPv6 address in brackets; write [ADDRESS]:PORT"));
            return new VipValue(inner, Optional.of(ip), port);
        }
        return new VipValue(host, Ip.parse(host), port);
    }

    private static int parsePort(String value, String text) throws InvalidVipException {
        if (text.equals(ALL)) {
            return ServiceKey.ALL_PORTS;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new InvalidVipException("'" + value + "': the port '" + text + "' is not a number from 1 to 65535");
        }
        int port = Integer.parseInt(text);
        if (port == 0) {
            throw new InvalidVipException(
                    "'" + value + "': the port 0 is not within 1-65535; if all ports are meant, write * for it");
        }
        if (port > MAX_PORT) {
            throw new InvalidVipException("'" + value + "': the port " + port + " is not within 1-65535");
        }
        return port;
    }

    /** The target under a framework: an address is the same for all, a name gets the framework's name after it. */
    public Target target(String framework) throws InvalidVipException {
        return fixed.isPresent() ? new FixedAddress(fixed.get()) : ServiceName.of(host, framework);
    }
}
