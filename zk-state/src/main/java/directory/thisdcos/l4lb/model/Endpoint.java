package directory.thisdcos.l4lb.model;

/** An address and a port, 0 to 65535. Text is {@code 10.0.0.1:80} or {@code [fd01::1]:80}. */
public record Endpoint(Ip ip, int port) implements Comparable<Endpoint> {

    private static final int MAX_PORT = 65535;

    public Endpoint {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + " is not within 0-65535");
        }
    }

    /** Parses {@code IPV4:PORT} or {@code [IPV6]:PORT}; throws with the reason otherwise. */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'" + text + "' has no port; write ADDRESS:PORT");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("'" + text + "': write an IPv6 address as [ADDRESS]:PORT");
        }
        Ip ip = Ip.parse(host)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "': '" + text.substring(0, colon) + "' is not an IP address"));
        return new Endpoint(ip, port(text, colon + 1));
    }

    /** Without a regular expression: a table has a million of them. */
    private static int port(String text, int from) {
        int port = 0;
        for (int i = from; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            port = digit >= 0 && digit <= 9 ? 10 * port + digit : MAX_PORT + 1;
            if (port > MAX_PORT) {
                break;
            }
        }
        if (port > MAX_PORT || from == text.length() || text.length() - from > 5) {
            throw new IllegalArgumentException("'" + text + "': the port is a number from 0 to " + MAX_PORT);
        }
        return port;
    }

    @Override
    public int compareTo(Endpoint other) {
        int byIp = ip.compareTo(other.ip);
        return byIp != 0 ? byIp : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return ip.isV4() ? ip + ":" + port : "[" + ip + "]:" + port;
    }
}
