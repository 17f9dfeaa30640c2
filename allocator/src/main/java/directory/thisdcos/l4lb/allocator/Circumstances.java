package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Pools;
import java.time.Duration;

/**
 * What an order depends on beside the table.
 *
 * @param dangerous addresses that nobody may have
 * @param nowMillis since the epoch
 */
public record Circumstances(Pools pools, Duration quarantine, DangerousAddresses dangerous, long nowMillis) {}
