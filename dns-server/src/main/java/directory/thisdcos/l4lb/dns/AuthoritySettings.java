package directory.thisdcos.l4lb.dns;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of what is answered with authority.
 *
 * @param zones a folder with static zones, {@code *.zone} master files, watched for change
 * @param recursion false for a purely authoritative server: RA is 0, and names outside the zones are REFUSED
 * @param clusterId the label that stands for the cluster's public key in dcos-net's {@code ID.dcos.directory}
 */
public record AuthoritySettings(Optional<Path> zones, boolean recursion, Optional<String> clusterId) {

    /** No static zones, everything else as usual. */
    public static final AuthoritySettings DEFAULT = new AuthoritySettings(Optional.empty(), true, Optional.empty());

    public AuthoritySettings withZones(Optional<Path> folder) {
        return new AuthoritySettings(folder, recursion, clusterId);
    }

    public AuthoritySettings withRecursion(boolean on) {
        return new AuthoritySettings(zones, on, clusterId);
    }

    public AuthoritySettings withClusterId(Optional<String> id) {
        return new AuthoritySettings(zones, recursion, id);
    }
}
