package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.admin.AdminAccess;
import directory.thisdcos.l4lb.admin.FrameworkZooKeepers;
import directory.thisdcos.l4lb.model.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who may use the admin API. Without any of these, everybody on this machine, and nobody else. */
final class AdminOptions {
    @Option(
            names = "--admin-tls-cert",
            paramLabel = "FILE",
            description = "Certificate (PEM, with those up to its root) for the admin API; read again when it changes.")
    @Nullable Path certificate;

    @Option(names = "--admin-tls-key", paramLabel = "FILE", description = "Its private key, PKCS#8 PEM.")
    @Nullable Path key;

    @Option(
            names = "--admin-tokens",
            paramLabel = "FILE",
            description =
                    "Who may use the admin API, one line each as 'l4lb token' prints it; read again when it changes.")
    @Nullable Path tokens;

    @Option(
            names = "--admin-client-ca",
            paramLabel = "FILE",
            description = "Certificates (PEM); who has one signed by these needs no token. Its OU is the role: read,"
                    + " write or admin.")
    @Nullable Path clientAuthorities;

    @Option(
            names = "--connection-zookeeper",
            paramLabel = "[FRAMEWORK=]CONNECT",
            description = "What GET /v1/services/FRAMEWORK/connection tells clients as zookeeper, such as"
                    + " kafka=master.mesos:2181/dcos-service-{framework}, where {framework} is its name with __ for /."
                    + " Repeatable; without FRAMEWORK= for all others. Default: it is not told.")
    List<String> connectionZooKeepers = List.of();

    FrameworkZooKeepers zooKeepers() throws WrongUsageException {
        try {
            return FrameworkZooKeepers.parse(connectionZooKeepers);
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException("--connection-zookeeper " + e.getMessage());
        }
    }

    AdminAccess access(Endpoint listen) throws WrongUsageException {
        try {
            return new AdminAccess(
                    listen,
                    Optional.ofNullable(certificate),
                    Optional.ofNullable(key),
                    Optional.ofNullable(tokens),
                    Optional.ofNullable(clientAuthorities));
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException(String.valueOf(e.getMessage()));
        }
    }
}
