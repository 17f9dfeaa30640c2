package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.util.Optional;

/** A resolver to ask. Text is {@code 10.0.0.1}, {@code 10.0.0.1:53}, {@code fd01::1} or {@code [fd01::1]:53}. */
public record Upstream(Endpoint address) {
    private static final int PORT = 53;

    public Upstream {
        if (address.port() == 0) {
            throw new IllegalArgumentException("'" + address + "': the port of an upstream cannot be 0");
        }
        if (address.ip().toInetAddress().isMulticastAddress()) {
            throw new IllegalArgumentException("'" + address + "': a multicast address is no upstream");
        }
    }

    /** On the usual port. */
    public static Upstream of(Ip ip) {
        return new Upstream(new Endpoint(ip, PORT));
    }

    /** Throws with the reason for anything else than an address with or without a port. */
    public static Upstream parse(String text) {
        Optional<Ip> bare = Ip.parse(text);
        if (bare.isPresent()) {
            return of(bare.get());
        }
        if (text.indexOf(':') < 0) {
            throw new IllegalArgumentException(
                    "'" + text
                            + "' is no address; write ADDRESS or ADDRESS:PORT (a name could not be resolved without upstreams)");
        }
        return new Upstream(Endpoint.parse(text));
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
