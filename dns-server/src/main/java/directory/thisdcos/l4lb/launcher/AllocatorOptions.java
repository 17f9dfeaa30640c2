package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.allocator.FlapSettings;
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

    @Mixin
    final PoolOptions pools = new PoolOptions();

    @Mixin
    final AdvertiseOptions advertise = new AdvertiseOptions();

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

    @Mixin
    final ReachOptions reach = new ReachOptions();

    @Mixin
    final VipDefaultOptions vipDefaults = new VipDefaultOptions();

    FlapSettings flaps() throws WrongUsageException {
        if (flapFalls < 0) {
            throw new WrongUsageException("--flap-falls " + flapFalls + " is negative; give 0 to turn damping off");
        }
        return new FlapSettings(flapFalls, flapWindow, flapHold);
    }
}
