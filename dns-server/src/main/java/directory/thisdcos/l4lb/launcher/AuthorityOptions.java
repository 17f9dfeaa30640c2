package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.dns.AuthoritySettings;
import directory.thisdcos.l4lb.dns.DnsSettings;
import directory.thisdcos.l4lb.dns.answer.TransferPolicy;
import directory.thisdcos.l4lb.dns.server.Secondary;
import directory.thisdcos.l4lb.dns.server.TlsFiles;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.IpRange;
import java.nio.file.Path;
import java.util.List;
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

    @Option(
            names = "--recursion-from",
            paramLabel = "RANGE",
            converter = Converters.OfRange.class,
            description = "Who may use the upstreams: NETWORK/PREFIX, FIRST-LAST or an address. Repeatable."
                    + " Default: loopback, private and link-local networks.")
    List<IpRange> recursionFrom = List.of();

    @Option(
            names = "--dns-tls-listen",
            paramLabel = "ADDR:PORT",
            converter = Converters.OfEndpoint.class,
            description = "Where DNS over TLS (RFC 7858) listens. Repeatable. Needs --dns-tls-certificate and"
                    + " --dns-tls-key.")
    List<Endpoint> tlsListen = List.of();

    @Option(
            names = "--dns-tls-certificate",
            paramLabel = "FILE",
            description = "PEM certificate with its chain. Read again when it changes.")
    @Nullable Path tlsCertificate;

    @Option(names = "--dns-tls-key", paramLabel = "FILE", description = "PEM key of it (PKCS#8, no password).")
    @Nullable Path tlsKey;

    @Option(
            names = "--transfer-to",
            paramLabel = "RANGE",
            converter = Converters.OfRange.class,
            description = "Who may transfer zones (AXFR, IXFR) without a key. Repeatable. Default: loopback.")
    List<IpRange> transferTo = List.of();

    @Option(
            names = "--tsig-keys",
            paramLabel = "FILE",
            description =
                    "Lines ALGORITHM:NAME:SECRET, as dig -y takes them; who has a key may transfer zones. Read again"
                            + " when it changes.")
    @Nullable Path tsigKeys;

    @Option(
            names = "--notify",
            paramLabel = "ADDR:PORT[#KEY]",
            converter = Converters.OfSecondary.class,
            description = "Secondary to tell of changes (RFC 1996), signed with a key of --tsig-keys if one is named."
                    + " Repeatable.")
    List<Secondary> secondaries = List.of();

    @Option(
            names = "--rate-limit",
            paramLabel = "N",
            defaultValue = "200",
            description = "UDP responses per second to one network that may not recurse; every second one"
                    + " beyond it is dropped, the others say to use TCP. 0: no limit. Default: ${DEFAULT-VALUE}.")
    int rateLimit;

    AuthoritySettings settings() throws WrongUsageException {
        if (rateLimit < 0) {
            throw new WrongUsageException("--rate-limit is a number of responses, 0 for no limit");
        }
        AuthoritySettings settings = AuthoritySettings.DEFAULT
                .withZones(Optional.ofNullable(zones))
                .withRecursion(recursion == OnOff.ON)
                .withClusterId(Optional.ofNullable(clusterId))
                .withResponsesPerSecond(rateLimit)
                .withTransfers(
                        transferTo.isEmpty() ? TransferPolicy.LOOPBACK : transferTo,
                        Optional.ofNullable(tsigKeys),
                        secondaries);
        if (tlsListen.isEmpty()) {
            return settings;
        }
        if (tlsCertificate == null || tlsKey == null) {
            throw new WrongUsageException("--dns-tls-listen needs --dns-tls-certificate and --dns-tls-key");
        }
        return settings.withTls(new TlsFiles(tlsCertificate, tlsKey), tlsListen);
    }

    List<IpRange> recursionClients() {
        return recursionFrom.isEmpty() ? DnsSettings.LOCAL_CLIENTS : recursionFrom;
    }
}
