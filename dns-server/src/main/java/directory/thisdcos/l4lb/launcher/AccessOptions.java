package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.store.ZooKeeperAccess;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.AclId;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.Credentials;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.Scheme;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.Store;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for an ensemble that asks who we are. Secrets are in files: a command line is seen by every user. */
final class AccessOptions {
    private static final String AUTH = "--zookeeper-auth";

    @Option(names = "--zookeeper-tls", description = "Reach the ensemble of --zookeeper by TLS.")
    boolean tls;

    @Option(
            names = "--zookeeper-truststore",
            paramLabel = "FILE",
            description =
                    "Who signs the servers' certificates: PEM, PKCS12 (.p12) or JKS (.jks). Default: the JDK's list.")
    @Nullable Path trustStore;

    @Option(
            names = "--zookeeper-truststore-password-file",
            paramLabel = "FILE",
            description = "The password of the trust store, if it has one.")
    @Nullable Path trustStorePassword;

    @Option(
            names = "--zookeeper-keystore",
            paramLabel = "FILE",
            description = "Our certificate with its key: PEM (both in one file), PKCS12 (.p12) or JKS (.jks).")
    @Nullable Path keyStore;

    @Option(
            names = "--zookeeper-keystore-password-file",
            paramLabel = "FILE",
            description = "The password of the key store, if it has one.")
    @Nullable Path keyStorePassword;

    @Option(
            names = "--zookeeper-any-hostname",
            description = "Accept a server's certificate that does not name the host.")
    boolean anyHostName;

    @Option(
            names = AUTH,
            paramLabel = "SCHEME:FILE",
            description =
                    "How we say who we are: digest or sasl (DIGEST-MD5), and a file with one line, USER:PASSWORD.")
    @Nullable String auth;

    @Option(
            names = "--zookeeper-writer",
            paramLabel = "SCHEME:ID",
            description =
                    "Who may change the table that we create, beside ourselves, such as sasl:allocator. Repeatable.")
    List<String> writers = List.of();

    @Option(
            names = "--zookeeper-reader",
            paramLabel = "SCHEME:ID",
            description =
                    "Who may read it and register as a node, such as x509:CN=node. Repeatable. Default: everybody.")
    List<String> readers = List.of();

    ZooKeeperAccess access() throws WrongUsageException {
        if (!tls && (trustStore != null || keyStore != null || anyHostName)) {
            throw new WrongUsageException(
                    "--zookeeper-truststore, --zookeeper-keystore and --zookeeper-any-hostname need --zookeeper-tls");
        }
        Optional<Tls> secure = tls
                ? Optional.of(new Tls(
                        store("--zookeeper-truststore", trustStore, trustStorePassword),
                        store("--zookeeper-keystore", keyStore, keyStorePassword),
                        !anyHostName))
                : Optional.empty();
        Optional<Credentials> credentials = auth == null ? Optional.empty() : Optional.of(credentials(auth));
        if (credentials.isEmpty() && keyStore == null && !(writers.isEmpty() && readers.isEmpty())) {
            throw new WrongUsageException("--zookeeper-writer and --zookeeper-reader need " + AUTH
                    + " or --zookeeper-keystore: without an identity we would lock ourselves out");
        }
        return new ZooKeeperAccess(
                secure, credentials, ids("--zookeeper-writer", writers), ids("--zookeeper-reader", readers));
    }

    private static Optional<Store> store(String option, @Nullable Path file, @Nullable Path passwordFile)
            throws WrongUsageException {
        if (file == null) {
            return Optional.empty();
        }
        if (!Files.isReadable(file)) {
            throw new WrongUsageException(option + ": cannot read " + file);
        }
        return Optional.of(new Store(file, passwordFile == null ? "" : line(option + "-password-file", passwordFile)));
    }

    private static Credentials credentials(String auth) throws WrongUsageException {
        int colon = auth.indexOf(':');
        Scheme scheme = switch (colon < 0 ? "" : auth.substring(0, colon)) {
            case "digest" -> Scheme.DIGEST;
            case "sasl" -> Scheme.SASL;
            default -> throw new WrongUsageException(AUTH + ": '" + auth + "' is not digest:FILE or sasl:FILE");
        };
        Path file = Path.of(auth.substring(colon + 1));
        String line = line(AUTH, file);
        int split = line.indexOf(':');
        if (split < 1) {
            throw new WrongUsageException(AUTH + ": the first line of " + file + " is not USER:PASSWORD");
        }
        return new Credentials(scheme, line.substring(0, split), line.substring(split + 1));
    }

    private static String line(String option, Path file) throws WrongUsageException {
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new WrongUsageException(option + ": cannot read " + file + ": " + Reasons.of(e));
        }
    }

    private static List<AclId> ids(String option, List<String> texts) throws WrongUsageException {
        List<AclId> ids = new ArrayList<>();
        for (String text : texts) {
            try {
                ids.add(AclId.parse(text));
            } catch (IllegalArgumentException e) {
                throw new WrongUsageException(option + ": " + e.getMessage());
            }
        }
        return ids;
    }
}
