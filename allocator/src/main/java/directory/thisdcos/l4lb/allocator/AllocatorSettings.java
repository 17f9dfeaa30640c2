package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.reach.ReachSettings;
import java.time.Duration;
import java.util.Set;

/**
 * What an operator configures of the allocator.
 *
 * @param pools the ranges from which names get their addresses
 * @param quarantine for how long the address of a name that is gone stays reserved for it; should be longer than clients
 *     and resolvers remember it, and than most connections last
 * @param sources the ids of all configured sources
 * @param grace for how long after the start nothing is withdrawn while a source has not told everything yet
 * @param flaps when a backend is held back for becoming unhealthy too often
 * @param dangerous addresses that no fixed VIP may have, beside this machine's own
 * @param balancing of services for which nobody says otherwise
 * @param reach when a machine counts as gone
 */
public record AllocatorSettings(
        Pools pools,
        Duration quarantine,
        Set<String> sources,
        Duration grace,
        FlapSettings flaps,
        DangerousAddresses dangerous,
        BalancingOptions balancing,
        ReachSettings reach) {

    /** With the model's default balancing, and the default rules for machines that are gone. */
    public AllocatorSettings(
            Pools pools,
            Duration quarantine,
            Set<String> sources,
            Duration grace,
            FlapSettings flaps,
            DangerousAddresses dangerous) {
        this(pools, quarantine, sources, grace, flaps, dangerous, BalancingOptions.NONE, ReachSettings.DEFAULT);
    }

    public AllocatorSettings {
        sources = Set.copyOf(sources);
        if (quarantine.isNegative()) {
            throw new IllegalArgumentException("quarantine " + quarantine + " is negative");
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace " + grace + " is negative");
        }
    }
}
