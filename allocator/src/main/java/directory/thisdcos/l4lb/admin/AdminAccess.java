package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.model.Endpoint;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the API listens, and who may use it. On loopback without tokens everybody on this machine may do everything.
 *
 * @param listen the address; port 0 for any
 * @param certificate the server's, PEM, with those between it and its root; empty for plain HTTP
 * @param key its private key, PKCS#8 PEM; present if the certificate is
 * @param tokens the file of {@link Tokens}
 * @param clientAuthorities PEM; a client with a certificate of one of them needs no token
 */
public record AdminAccess(
        Endpoint listen,
        Optional<Path> certificate,
        Optional<Path> key,
        Optional<Path> tokens,
        Optional<Path> clientAuthorities) {

    /** @throws IllegalArgumentException with the fix, if the address would be open to others */
    public AdminAccess {
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException(
                    "--admin-tls-cert and --admin-tls-key belong together; give both or neither");
        }
        if (clientAuthorities.isPresent() && certificate.isEmpty()) {
            throw new IllegalArgumentException(
                    "--admin-client-ca needs TLS; give --admin-tls-cert and --admin-tls-key too");
        }
        boolean closed = certificate.isPresent() && (tokens.isPresent() || clientAuthorities.isPresent());
        if (!listen.ip().toInetAddress().isLoopbackAddress() && !closed) {
            throw new IllegalArgumentException("--admin-listen " + listen
                    + " is open to other machines: give --admin-tls-cert and --admin-tls-key, and --admin-tokens or"
                    + " --admin-client-ca; or listen on 127.0.0.1");
        }
    }

    /** Plain HTTP on loopback. */
    public static AdminAccess local(Endpoint listen) {
        return new AdminAccess(listen, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    boolean isOpen() {
        return tokens.isEmpty() && clientAuthorities.isEmpty();
    }
}
