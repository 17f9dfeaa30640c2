package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.allocator.FlapSettings;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the commands that allocate. */
final class AllocatorOptions {
    @Option(
            names = "--apps",
            paramLabel = "DIR",
            description = "Folder of *.json files: a Marathon app, an array of them, {\"apps\":[...]} as Marathon's API"
                    + " answers, or a Mesos GET_STATE answer. Watched for changes. Repeatable.")
    List<Path> apps = List.of();

    @Mixin
    final SourceOptions sources = new SourceOptions();

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

    @Option(
            names = "--source-grace",
            paramLabel = "DURATION",
            defaultValue = "10m",
            converter = Converters.OfDuration.class,
            description = "How long after the start nothing is withdrawn while a source has not told everything yet."
                    + " Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration grace;

    @Option(
            names = "--flap-falls",
            paramLabel = "COUNT",
            defaultValue = "5",
            description = "A backend that becomes unhealthy so often within --flap-window gets no new connections until"
                    + " it has been healthy for --flap-hold. 0 turns this off. Default: ${DEFAULT-VALUE}.")
    int flapFalls;

    @Option(
            names = "--flap-window",
            paramLabel = "DURATION",
            defaultValue = "1m",
            converter = Converters.OfDuration.class,
            description = "Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration flapWindow;

    @Option(
            names = "--flap-hold",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = Converters.OfDuration.class,
            description = "Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration flapHold;

    FlapSettings flaps() throws WrongUsageException {
        if (flapFalls < 0) {
            throw new WrongUsageException("--flap-falls " + flapFalls + " is negative; give 0 to turn damping off");
        }
        return new FlapSettings(flapFalls, flapWindow, flapHold);
    }

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
