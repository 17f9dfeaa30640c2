package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.ipvs.Estimation;
import directory.thisdcos.l4lb.ipvs.ForeignServices;
import directory.thisdcos.l4lb.ipvs.KernelCost;
import directory.thisdcos.l4lb.ipvs.KernelSettings;
import directory.thisdcos.l4lb.ipvs.NamespaceSources;
import directory.thisdcos.l4lb.ipvs.SyncDaemon;
import directory.thisdcos.l4lb.ipvs.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the kernel's side that are seldom changed. */
final class IpvsOptions {
    @Option(
            names = "--ipvs-timeout-tcp",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = Converters.OfDuration.class,
            description = "How long the kernel remembers an idle TCP connection. 0s leaves what the kernel has, 15m if"
                    + " nobody changed it. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration timeoutTcp;

    @Option(
            names = "--ipvs-timeout-tcpfin",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = Converters.OfDuration.class,
            description = "The same after a FIN; the kernel's is 2m. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration timeoutTcpFin;

    @Option(
            names = "--ipvs-timeout-udp",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = Converters.OfDuration.class,
            description = "The same after the last datagram of a UDP client; the kernel's is 5m."
                    + " Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration timeoutUdp;

    @Option(
            names = "--ipvs-drain-udp",
            paramLabel = "DURATION",
            defaultValue = "100ms",
            converter = Converters.OfDuration.class,
            description = "How long a removed UDP backend may still answer what it was asked; then the next datagram of"
                    + " a client goes to another. At most --ipvs-drain. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration drainUdp;

    @Option(
            names = "--ipvs-foreign",
            paramLabel = "report|remove",
            defaultValue = "report",
            description = "What becomes of IPVS services that somebody else makes at addresses of our pools while l4lb"
                    + " runs: they are reported, or also removed when a second audit finds them."
                    + " Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    ForeignServices foreign;

    @Option(
            names = "--ipvs-sync-daemon",
            paramLabel = "ROLE:INTERFACE[:ID]",
            description =
                    "Runs the kernel's connection-sync daemon: master tells other hosts of this one's connections,"
                            + " backup hears of theirs, such as master:eth0:7. Repeatable, once for each role.")
    List<String> syncDaemons = List.of();

    @Option(
            names = "--ipvs-metrics",
            paramLabel = "SERVICES",
            defaultValue = "500",
            description =
                    "Of so many services, in the order of addresses, /metrics has the kernel's counters; 0 for none."
                            + " Default: ${DEFAULT-VALUE}.")
    int metrics;

    @Option(
            names = "--ipvs-estimation",
            paramLabel = "keep|on|off",
            defaultValue = "keep",
            description = "Whether the kernel adds up counters and rates (sysctl net.ipv4.vs.run_estimation). Kernels"
                    + " before 6.2 do it for the whole table at once, while packets wait: a problem says when that is"
                    + " many, unless it is on. Default: ${DEFAULT-VALUE}, as it is.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Estimation estimation;

    @Option(
            names = "--ipvs-mh-memory",
            paramLabel = "MIB",
            defaultValue = "128",
            description = "Of the kernel's memory, for services with the scheduler mh, 32 KiB each; beyond it services"
                    + " that ask for mh use wlc, and a problem says so. Default: ${DEFAULT-VALUE}.")
    int maglevMemory;

    @Option(
            names = "--ipvs-netns-folder",
            paramLabel = "DIR",
            description = "Containers of this folder get the table in their network namespaces too: one file for each,"
                    + " with the namespace's path in it, as DC/OS's CNI plugin writes them to"
                    + " /var/run/dcos/cni/l4lb. They may come and go at any time.")
    @Nullable Path namespaceFolder;

    @Option(
            names = "--ipvs-netns",
            paramLabel = "PATH",
            description = "The network namespace at this path gets the table too, whenever it is there, such as"
                    + " /run/netns/blue. Repeatable.")
    List<Path> namespaces = List.of();

    IpvsTuning tuning() throws WrongUsageException {
        if (metrics < 0) {
            throw new WrongUsageException("--ipvs-metrics " + metrics + " is negative; give 0 for none");
        }
        try {
            return new IpvsTuning(
                    new KernelSettings(
                            new Timeouts(timeoutTcp, timeoutTcpFin, timeoutUdp),
                            foreign,
                            syncDaemons.stream().map(SyncDaemon::parse).toList(),
                            metrics,
                            new NamespaceSources(Optional.ofNullable(namespaceFolder), namespaces),
                            new KernelCost(estimation, maglevMemory)),
                    drainUdp);
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException(
                    "--ipvs-timeout-..., --ipvs-sync-daemon, --ipvs-mh-memory: " + e.getMessage());
        }
    }
}
