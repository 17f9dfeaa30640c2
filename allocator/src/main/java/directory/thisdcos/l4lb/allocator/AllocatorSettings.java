package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.Pools;
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
 */
public record AllocatorSettings(
        Pools pools,
        Duration quarantine,
        Set<String> sources,
        Duration grace,
        FlapSettings flaps,
        DangerousAddresses dangerous,
        BalancingOptions balancing) {

    /** With the model's default balancing. */
    public AllocatorSettings(
            Pools pools,
            Duration quarantine,
            Set<String> sources,
            Duration grace,
            FlapSettings flaps,
            DangerousAddresses dangerous) {
        this(pools, quarantine, sources, grace, flaps, dangerous, BalancingOptions.NONE);
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
