package directory.thisdcos.l4lb.allocator;

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
 * @param dangerous addresses that no fixed VIP may have, beside this machine's own
 */
public record AllocatorSettings(Pools pools, Duration quarantine, Set<String> sources, DangerousAddresses dangerous) {

    public AllocatorSettings {
        sources = Set.copyOf(sources);
        if (quarantine.isNegative()) {
            throw new IllegalArgumentException("quarantine " + quarantine + " is negative");
        }
    }
}
