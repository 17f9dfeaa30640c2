package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.dns.AuthoritySettings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of what DNS answers with authority. */
final class AuthorityOptions {

    /** For options that are on or off. */
    enum OnOff {
        ON,
        OFF
    }

    @Option(
            names = "--zones",
            paramLabel = "DIR",
            description = "Folder of *.zone master files (RFC 1035) to serve beside our own zone. Watched for changes.")
    @Nullable Path zones;

    @Option(
            names = "--recursion",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "off: a purely authoritative server, which REFUSES all names outside its zones."
                    + " Default: ${DEFAULT-VALUE}.")
    OnOff recursion = OnOff.ON;

    @Option(
            names = "--dns-cluster-id",
            paramLabel = "LABEL",
            description = "Answer for *.LABEL.dcos.directory too, as dcos-net did with the cluster's public key.")
    @Nullable String clusterId;

    AuthoritySettings settings() {
        return AuthoritySettings.DEFAULT
                .withZones(Optional.ofNullable(zones))
                .withRecursion(recursion == OnOff.ON)
                .withClusterId(Optional.ofNullable(clusterId));
    }
}
