package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that runs, and what its help ends with. */
@Command(
        abbreviateSynopsis = true,
        footerHeading = "%n",
        footer = {
            "Each option may also stand in the environment (--admin-listen: L4LB_ADMIN_LISTEN; a list with",
            "commas) or in the file of --config (admin-listen: ADDR:PORT). The command line wins, then the",
            "environment."
        })
final class CommonOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with these settings, named as the options are without '--'.")
    @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for what must survive a restart; made when missing. Default: l4lb-data in this folder for"
                            + " standalone, /var/lib/l4lb otherwise.")
    @Nullable Path data;

    @Option(
            names = "--admin-listen",
            paramLabel = "ADDR:PORT",
            defaultValue = "127.0.0.1:62080",
            converter = Converters.OfEndpoint.class,
            description = "Where the admin API and the metrics listen; an address that others reach needs TLS, and"
                    + " tokens or client certificates. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Endpoint adminListen;

    @Mixin
    final AdminOptions admin = new AdminOptions();

    @Option(
            names = "--zookeeper-root",
            paramLabel = "PATH",
            defaultValue = "/l4lb",
            description = "The znode below which the table lives. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    String zookeeperRoot;

    @Option(
            names = "--zookeeper-session",
            paramLabel = "DURATION",
            converter = Converters.OfDuration.class,
            description = "After which a dead allocator's leadership passes on, and a dead node counts as gone; the"
                    + " ensemble grants 2 to 20 of its ticks. Default: 10s.")
    @Nullable Duration zookeeperSession;

    @Mixin
    final AccessOptions zookeeperAccess = new AccessOptions();

    @Option(
            names = "--accept-cluster",
            description = "Accept a table in ZooKeeper that is another cluster's, or older, than the one in --data."
                    + " Without it such a table never replaces what is served.")
    boolean acceptCluster;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "error, warn, info or debug, on standard error. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Logging.Level logLevel;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;
}
