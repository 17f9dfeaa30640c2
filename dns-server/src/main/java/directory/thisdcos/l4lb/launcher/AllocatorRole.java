package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.allocator.FlapSettings;
import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.reach.ReachSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The allocator's settings; {@code apps} are absolute and distinct. */
record AllocatorRole(
        List<Path> apps,
        SourceRole sources,
        Pools pools,
        Duration quarantine,
        Duration grace,
        FlapSettings flaps,
        BalancingOptions balancing,
        ReachSettings reach,
        Optional<Endpoint> advertise) {

    static AllocatorRole of(AllocatorOptions options) throws WrongUsageException {
        List<Path> apps = options.apps.stream()
                .map(path -> path.toAbsolutePath().normalize())
                .distinct()
                .toList();
        return new AllocatorRole(
                apps,
                options.sources.role(),
                options.pools.pools(),
                options.quarantine,
                options.grace,
                options.flaps(),
                options.vipDefaults.balancing(),
                options.reach.settings(),
                Optional.ofNullable(options.advertise.advertise));
    }
}
