package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import java.util.ArrayList;
import java.util.List;

/**
 * How many addresses of a pool are used.
 *
 * @param allocated by names that live or are reserved
 * @param quarantined of names that are gone or were moved
 * @param claimed by fixed VIPs
 */
public record PoolUse(Pool pool, int allocated, int quarantined, int claimed) {

    /** Of every pool of a table, in order. Costs time in proportion to its size. */
    public static List<PoolUse> of(State table) {
        List<Ip> allocated = new ArrayList<>();
        List<Ip> quarantined = new ArrayList<>();
        List<Ip> claimed = new ArrayList<>();
        table.vips().forEach(vip -> sort(vip, allocated, quarantined, claimed));
        return table.pools().stream()
                .flatMap(pools -> pools.list().stream())
                .map(pool ->
                        new PoolUse(pool, within(pool, allocated), within(pool, quarantined), within(pool, claimed)))
                .toList();
    }

    private static void sort(Vip vip, List<Ip> allocated, List<Ip> quarantined, List<Ip> claimed) {
        if (vip.target() instanceof FixedAddress fixed) {
            claimed.add(fixed.ip());
        }
        if (vip.allocation().isPresent()) {
            Allocation held = vip.allocation().get();
            (held.isAllocated() ? allocated : quarantined).addAll(held.addresses());
            held.hold().former().forEach(former -> quarantined.add(former.address()));
        }
    }

    private static int within(Pool pool, List<Ip> addresses) {
        return (int) addresses.stream().filter(pool::contains).count();
    }
}
