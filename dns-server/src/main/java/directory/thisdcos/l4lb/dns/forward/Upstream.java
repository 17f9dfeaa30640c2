package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.util.Optional;

/**
 * A resolver to ask. Text is {@code 10.0.0.1}, {@code 10.0.0.1:53}, {@code fd01::1} or {@code [fd01::1]:53} for plain DNS,
 * and {@code tls://} before it and {@code #NAME} behind it for DNS over TLS (RFC 7858).
 *
 * @param certificateName for TLS: whose certificate it must show, a host name or the address; empty for plain DNS
 */
public record Upstream(Endpoint address, Optional<String> certificateName) {
    private static final int PORT = 53;
    private static final int TLS_PORT = 853;
    private static final String TLS = "tls://";

    public Upstream {
        if (address.port() == 0) {
            throw new IllegalArgumentException("'" + address + "': the port of an upstream cannot be 0");
        }
        if (address.ip().toInetAddress().isMulticastAddress()) {
            throw new IllegalArgumentException("'" + address + "': a multicast address is no upstream");
        }
    }

    /** Plain DNS on the usual port. */
    public static Upstream of(Ip ip) {
        return of(new Endpoint(ip, PORT));
    }

    /** Plain DNS. */
    public static Upstream of(Endpoint address) {
        return new Upstream(address, Optional.empty());
    }

    /** Whether it is asked over TLS only. */
    public boolean isTls() {
        return certificateName.isPresent();
    }

    /** Throws with the reason for anything else than an address with or without a port. */
    public static Upstream parse(String text) {
        if (!text.startsWith(TLS)) {
            return of(endpoint(text, PORT));
        }
        String[] parts = text.substring(TLS.length()).split("#", 2);
        Endpoint address = endpoint(parts[0], TLS_PORT);
        if (parts.length == 1) {
            return new Upstream(address, Optional.of(address.ip().toString()));
        }
        if (!parts[1].matches("[A-Za-z0-9._-]{1,253}")) {
            throw new IllegalArgumentException("'" + text + "': write the name of the certificate after '#'");
        }
        return new Upstream(address, Optional.of(parts[1]));
    }

    private static Endpoint endpoint(String text, int defaultPort) {
        Optional<Ip> bare = Ip.parse(text);
        if (bare.isPresent()) {
            return new Endpoint(bare.get(), defaultPort);
        }
        if (text.indexOf(':') < 0) {
            throw new IllegalArgumentException(
                    "'" + text
                            + "' is no address; write ADDRESS or ADDRESS:PORT (a name could not be resolved without upstreams)");
        }
        return Endpoint.parse(text);
    }

    @Override
    public String toString() {
        return isTls() ? TLS + address + "#" + certificateName.get() : address.toString();
    }
}
