package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what is in the table, by what changed in it. For one thread. */
final class TableCounts {
    private final Pools pools;
    private final Map<Health, Integer> backends = new EnumMap<>(Health.class);
    private State counted = State.EMPTY;
    private int allocated;
    private int quarantined;
    private int services;
    private final Map<Pool, Integer> used = new HashMap<>();

    TableCounts(Pools pools) {
        this.pools = pools;
    }

    void count(State state) {
        state.forEachDifference(counted, (before, after) -> {
            add(before, -1);
            add(after, 1);
        });
        counted = state;
    }

    private void add(@Nullable Vip vip, int by) {
        if (vip == null) {
            return;
        }
        vip.allocation().map(Allocation::isAllocated).ifPresent(isAllocated -> {
            allocated += isAllocated ? by : 0;
            quarantined += isAllocated ? 0 : by;
        });
        for (Ip ip : vip.addresses()) {
            pools.poolOf(ip).ifPresent(pool -> used.merge(pool, by, Integer::sum));
        }
        services += by * vip.services().size();
        for (VirtualService service : vip.services()) {
            service.backends().values().forEach(backend -> backends.merge(backend.health(), by, Integer::sum));
        }
    }

    int allocated() {
        return allocated;
    }

    int quarantined() {
        return quarantined;
    }

    int services() {
        return services;
    }

    int backends(Health health) {
        return backends.getOrDefault(health, 0);
    }

    /** Addresses that a name holds, in quarantine too, or a fixed VIP claims. */
    int used(Pool pool) {
        return used.getOrDefault(pool, 0);
    }
}
