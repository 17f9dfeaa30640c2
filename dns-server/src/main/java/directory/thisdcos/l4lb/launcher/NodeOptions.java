package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.ipvs.IpvsMode;
import directory.thisdcos.l4lb.model.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the commands that serve DNS and program the kernel. */
final class NodeOptions {
    static final String DNS_LISTEN = "127.0.0.1:5454";

    @Option(
            names = "--dns-listen",
            paramLabel = "ADDR:PORT",
            defaultValue = DNS_LISTEN,
            converter = Converters.OfEndpoint.class,
            description = "Where DNS listens, UDP and TCP. Repeatable. Default: ${DEFAULT-VALUE}.")
    List<Endpoint> dnsListen = List.of();

    @Option(
            names = "--node-id",
            paramLabel = "NAME",
            description = "How this node is called among the nodes. Default: the host name.")
    @Nullable String nodeId;

    @Option(
            names = "--node-attribute",
            paramLabel = "KEY=VALUE",
            description = "What others should know of this node, such as rack=r1 or zone=a. Repeatable.")
    Map<String, String> nodeAttributes = Map.of();

    @Option(
            names = "--upstream",
            paramLabel = "ADDR[:PORT]",
            description = "Resolver for all other names; over TLS as tls://ADDR[:PORT][#NAME]; or a file like"
                    + " /etc/resolv.conf that names them and is followed; or 'system': those that this machine had"
                    + " before 'l4lb resolv-conf --install'. Repeatable. Without one, other names are REFUSED.")
    List<String> upstreams = List.of();

    @Option(
            names = "--forward",
            paramLabel = "SUFFIX=ADDR[:PORT],...",
            description = "Resolvers for the names below a suffix, such as mesos=10.0.0.1:53,10.0.0.2:53."
                    + " Repeatable; the longest suffix wins.")
    List<String> forwards = List.of();

    @Option(
            names = "--upstream-ca",
            paramLabel = "FILE",
            description = "Certificates (PEM) that upstreams over TLS are checked with, in place of the JVM's.")
    @Nullable Path upstreamCa;

    @Option(
            names = "--dns-cache-mb",
            paramLabel = "MIB",
            defaultValue = "32",
            description = "Memory for answers of resolvers, in MiB. Default: ${DEFAULT-VALUE}.")
    int dnsCacheMib;

    @Mixin
    final AuthorityOptions authority = new AuthorityOptions();

    @Mixin
    final DnsInterfaceOptions dnsInterface = new DnsInterfaceOptions();

    @Mixin
    final TakeOverOptions replacing = new TakeOverOptions();

    @Option(
            names = "--ipvs",
            paramLabel = "MODE",
            defaultValue = "auto",
            description = "auto: program the kernel if this is allowed and possible, otherwise plan; on: fail if it is"
                    + " not; plan: only show what would be done; off: DNS only. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    IpvsMode ipvs;

    @Option(
            names = "--ipvs-audit",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = Converters.OfDuration.class,
            description = "How often the kernel is compared with the table and repaired. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration ipvsAudit;

    @Option(
            names = "--ipvs-drain",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = Converters.OfDuration.class,
            description = "How long a removed backend keeps its open connections at most, without new ones; 0s removes"
                    + " it at once. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration ipvsDrain;

    @Option(
            names = "--ipvs-panic",
            paramLabel = "PERCENT",
            defaultValue = "1",
            description = "When fewer than this share of a service's backends are healthy, the unhealthy ones get"
                    + " connections too; 0 for never. Default: ${DEFAULT-VALUE}.")
    int ipvsPanic;

    @Mixin
    final ProbeOptions probes = new ProbeOptions();

    @Mixin
    final IpvsOptions ipvsOptions = new IpvsOptions();
}
