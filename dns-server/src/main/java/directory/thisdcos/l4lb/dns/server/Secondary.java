package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.model.Endpoint;
import java.util.Optional;

/**
 * A server that is told of changes (RFC 1996).
 *
 * @param key the name of the TSIG key that signs what it is told; without one it is not signed
 */
public record Secondary(Endpoint address, Optional<String> key) {

    /** Parses {@code ADDR:PORT} or {@code ADDR:PORT#KEY}; throws with the reason otherwise. */
    public static Secondary parse(String text) {
        int hash = text.indexOf('#');
        if (hash < 0) {
            return new Secondary(Endpoint.parse(text), Optional.empty());
        }
        if (hash == text.length() - 1) {
            throw new IllegalArgumentException("'" + text + "' has no key after #; write ADDR:PORT#KEY");
        }
        return new Secondary(Endpoint.parse(text.substring(0, hash)), Optional.of(text.substring(hash + 1)));
    }

    @Override
    public String toString() {
        return address + key.map(name -> "#" + name).orElse("");
    }
}
