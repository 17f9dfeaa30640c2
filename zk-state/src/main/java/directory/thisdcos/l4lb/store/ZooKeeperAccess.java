package directory.thisdcos.l4lb.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a client reaches a protected ensemble, and who may use what it creates there.
 *
 * @param tls absent for plain TCP
 * @param credentials absent for a client that says nothing of itself, or whose certificate says it
 * @param writers who may change the table, beside the client that creates it
 * @param readers who may read the table and register as nodes; empty for everybody
 */
public record ZooKeeperAccess(
        Optional<Tls> tls, Optional<Credentials> credentials, List<AclId> writers, List<AclId> readers) {

    /** Plain TCP, and no restriction on what is created: for an ensemble that only the cluster can reach. */
    public static final ZooKeeperAccess OPEN =
            new ZooKeeperAccess(Optional.empty(), Optional.empty(), List.of(), List.of());

    /**
     * TLS by Netty and the JDK. Stores are PEM, PKCS12 or JKS, told apart by their name's end.
     *
     * @param trustStore who may have signed the servers' certificates; absent for the JDK's list
     * @param keyStore our certificate and its key, in one file; absent if the servers ask for none
     * @param verifyHostName whether a server's certificate must name the host that was connected to
     */
    public record Tls(Optional<Store> trustStore, Optional<Store> keyStore, boolean verifyHostName) {}

    /** @param password empty for a file without one */
    public record Store(Path file, String password) {
        @Override
        public String toString() {
            return "Store[" + file + "]";
        }
    }

    /** How credentials are shown to the ensemble. */
    public enum Scheme {
        /** ZooKeeper's own {@code digest}: the password goes over the wire, so use it with TLS. */
        DIGEST,
        /** SASL with DIGEST-MD5. */
        SASL
    }

    /** A name and a password. */
    public record Credentials(Scheme scheme, String user, String password) {
        @Override
        public String toString() {
            return "Credentials[" + scheme + ", " + user + "]";
        }
    }

    /**
     * An identity in an access list.
     *
     * @param scheme {@code world}, {@code digest}, {@code sasl}, {@code x509} or {@code ip}
     * @param id as the scheme writes it: {@code anyone}, {@code user:HASH}, {@code user}, a distinguished name
     */
    public record AclId(String scheme, String id) {
        public static AclId parse(String text) {
            int colon = text.indexOf(':');
            if (colon < 1 || colon == text.length() - 1) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not SCHEME:ID; write for example sasl:node or x509:CN=node");
            }
            return new AclId(text.substring(0, colon), text.substring(colon + 1));
        }
    }

    public ZooKeeperAccess {
        writers = List.copyOf(writers);
        readers = List.copyOf(readers);
    }

    /** Whether this client has an identity that an access list can name. */
    boolean isIdentified() {
        return credentials.isPresent() || tls.flatMap(Tls::keyStore).isPresent();
    }
}
