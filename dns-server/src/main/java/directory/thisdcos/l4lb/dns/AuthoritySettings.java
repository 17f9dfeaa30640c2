package directory.thisdcos.l4lb.dns;

import directory.thisdcos.l4lb.dns.answer.TransferPolicy;
import directory.thisdcos.l4lb.dns.server.Secondary;
import directory.thisdcos.l4lb.dns.server.TlsFiles;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.IpRange;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of what is answered with authority, and how.
 *
 * @param zones a folder with static zones, {@code *.zone} master files, watched for change
 * @param recursion false for a purely authoritative server: RA is 0, and names outside the zones are REFUSED
 * @param clusterId the label that stands for the cluster's public key in dcos-net's {@code ID.dcos.directory}
 * @param tls certificate and key, needed to listen with TLS
 * @param tlsListen addresses to serve with TLS (RFC 7858)
 * @param transferClients who may transfer zones without a key
 * @param tsigKeys a file of keys, see {@link directory.thisdcos.l4lb.dns.answer.TsigKeys#read}
 * @param responsesPerSecond how many a network that is not local gets over UDP; 0 for no limit
 * @param secondaries who is told of each change (RFC 1996)
 */
public record AuthoritySettings(
        Optional<Path> zones,
        boolean recursion,
        Optional<String> clusterId,
        Optional<TlsFiles> tls,
        List<Endpoint> tlsListen,
        List<IpRange> transferClients,
        Optional<Path> tsigKeys,
        List<Secondary> secondaries,
        int responsesPerSecond) {

    /** No static zones, no TLS, everything else as usual. */
    public static final AuthoritySettings DEFAULT = new AuthoritySettings(
            Optional.empty(),
            true,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            TransferPolicy.LOOPBACK,
            Optional.empty(),
            List.of(),
            200);

    public AuthoritySettings {
        tlsListen = List.copyOf(tlsListen);
        transferClients = List.copyOf(transferClients);
        secondaries = List.copyOf(secondaries);
        if (!tlsListen.isEmpty() && tls.isEmpty()) {
            throw new IllegalArgumentException(
                    "DNS over TLS on " + tlsListen.get(0) + " needs a certificate and a key file");
        }
    }

    public AuthoritySettings withZones(Optional<Path> folder) {
        return new AuthoritySettings(
                folder,
                recursion,
                clusterId,
                tls,
                tlsListen,
                transferClients,
                tsigKeys,
                secondaries,
                responsesPerSecond);
    }

    public AuthoritySettings withRecursion(boolean on) {
        return new AuthoritySettings(
                zones, on, clusterId, tls, tlsListen, transferClients, tsigKeys, secondaries, responsesPerSecond);
    }

    public AuthoritySettings withClusterId(Optional<String> id) {
        return new AuthoritySettings(
                zones, recursion, id, tls, tlsListen, transferClients, tsigKeys, secondaries, responsesPerSecond);
    }

    public AuthoritySettings withTls(TlsFiles files, List<Endpoint> listen) {
        return new AuthoritySettings(
                zones,
                recursion,
                clusterId,
                Optional.of(files),
                listen,
                transferClients,
                tsigKeys,
                secondaries,
                responsesPerSecond);
    }

    public AuthoritySettings withTransfers(List<IpRange> clients, Optional<Path> keys, List<Secondary> notified) {
        return new AuthoritySettings(
                zones, recursion, clusterId, tls, tlsListen, clients, keys, notified, responsesPerSecond);
    }

    public AuthoritySettings withResponsesPerSecond(int limit) {
        return new AuthoritySettings(
                zones, recursion, clusterId, tls, tlsListen, transferClients, tsigKeys, secondaries, limit);
    }
}
