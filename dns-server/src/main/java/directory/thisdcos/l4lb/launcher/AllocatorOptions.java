package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of the commands that allocate. */
final class AllocatorOptions {
    @Option(
            names = "--apps",
            paramLabel = "DIR",
            description = "Folder of *.json files: a Marathon app, an array of them, {\"apps\":[...]} as Marathon's API"
                    + " answers, or a Mesos GET_STATE answer. Watched for changes. Repeatable.")
    List<Path> apps = List.of();

    @Option(
            names = "--pool",
            paramLabel = "FIRST-LAST",
            defaultValue = "11.0.0.0-11.255.255.255",
            converter = Converters.OfRange.class,
            description = "IPv4 addresses for names. Another end gives new names other addresses."
                    + " Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    IpRange pool;

    @Option(
            names = "--pool6",
            paramLabel = "FIRST-LAST",
            defaultValue = "fd01:c::-fd01:c::ffff:ffff:ffff:ffff",
            converter = Converters.OfRange.class,
            description = "IPv6 addresses for names that have IPv6 backends. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    IpRange pool6;

    @Option(
            names = "--quarantine",
            paramLabel = "DURATION",
            defaultValue = "1h",
            converter = Converters.OfDuration.class,
            description = "How long the addresses of a name that is gone stay reserved. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration quarantine;

    Pools pools() throws WrongUsageException {
        if (pool.family() != Family.V4) {
            throw new WrongUsageException("--pool " + pool + " is IPv6; give IPv6 ranges to --pool6");
        }
        if (pool6.family() != Family.V6) {
            throw new WrongUsageException("--pool6 " + pool6 + " is IPv4; give IPv4 ranges to --pool");
        }
        return new Pools(pool, pool6);
    }
}
