package directory.thisdcos.l4lb.model;

import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run of the fold: applies changes to copies of the touched shards and keeps the hash and the index of addresses in
 * step. For one thread, used once.
 */
final class StateFold {
    private final ShardMap<Target, Vip>.Edit vips;
    private final ShardMap<Ip, ServiceName>.Edit holders;
    private Optional<Pools> pools;
    private long hash;

    /**
     * The service whose backends are being changed, and their new content: with a copy for each of many changes in a row
     * 30,000 backends of one service would take minutes.
     */
    private @Nullable VirtualService open;

    private TreeMap<Endpoint, Backend> openBackends = new TreeMap<>();
    private boolean isChanged;

    StateFold(
            Optional<Pools> pools, ShardMap<Target, Vip>.Edit vips, ShardMap<Ip, ServiceName>.Edit holders, long hash) {
        this.pools = pools;
        this.vips = vips;
        this.holders = holders;
        this.hash = hash;
    }

    void apply(Change change) {
        if (change instanceof Change.BackendPut put) {
            if (open(put.key())) {
                putBackend(put.key(), put.backend());
            }
            return;
        }
        if (change instanceof Change.BackendRemoved removed) {
            if (open(removed.key())) {
                removeBackend(removed.key(), removed.address());
            }
            return;
        }
        close();
        if (change instanceof Change.ServicePut put) {
            putService(put.key(), put.spec());
        } else if (change instanceof Change.ServiceRemoved removed) {
            removeService(removed.key());
        } else if (change instanceof Change.AllocationPut put) {
            putAllocation(put.allocation().name(), Optional.of(put.allocation()));
        } else if (change instanceof Change.AllocationRemoved removed) {
            putAllocation(removed.name(), Optional.empty());
        } else if (change instanceof Change.PoolsPut put) {
            hash += Digest.of(put.pools()) - Digest.of(pools);
            pools = Optional.of(put.pools());
        } else {
            throw new AssertionError("a kind of change without a rule: " + change);
        }
    }

    State build(long epoch, long seq) {
        close();
        return new State(epoch, seq, pools, vips.build(), holders.build(), hash);
    }

    private Vip vip(Target target) {
        Vip vip = vips.get(target);
        return vip == null ? Vip.empty(target) : vip;
    }

    private Optional<VirtualService> service(ServiceKey key) {
        return vip(key.target()).service(key);
    }

    private void put(Vip vip) {
        if (vip.isVoid()) {
            vips.remove(vip.target());
        } else {
            vips.put(vip.target(), vip);
        }
    }

    /** Whether there is such a service, whose backends may be changed then. */
    private boolean open(ServiceKey key) {
        if (open != null && open.key().equals(key)) {
            return true;
        }
        close();
        Optional<VirtualService> found = service(key);
        found.ifPresent(service -> {
            open = service;
            openBackends = new TreeMap<>(service.backends());
            isChanged = false;
        });
        return found.isPresent();
    }

    private void close() {
        VirtualService service = open;
        open = null;
        if (service != null && isChanged) {
            put(vip(service.key().target()).with(service.with(openBackends)));
        }
    }

    private void putBackend(ServiceKey key, Backend backend) {
        isChanged = true;
        Backend old = openBackends.put(backend.address(), backend);
        hash += Digest.of(key, backend) - (old == null ? 0 : Digest.of(key, old));
    }

    private void removeBackend(ServiceKey key, Endpoint address) {
        Backend old = openBackends.remove(address);
        if (old != null) {
            isChanged = true;
            hash -= Digest.of(key, old);
        }
    }

    private void putService(ServiceKey key, ServiceSpec spec) {
        Vip vip = vip(key.target());
        Optional<VirtualService> old = vip.service(key);
        hash += Digest.of(key, spec)
                - old.map(service -> Digest.of(key, service.spec())).orElse(0L);
        put(vip.with(old.map(service -> service.with(spec)).orElseGet(() -> VirtualService.empty(key, spec))));
    }

    private void removeService(ServiceKey key) {
        service(key).ifPresent(service -> {
            hash -= Digest.of(service);
            put(vip(key.target()).without(key));
        });
    }

    private void putAllocation(ServiceName name, Optional<Allocation> allocation) {
        Vip vip = vip(name);
        vip.allocation().ifPresent(old -> {
            hash -= Digest.of(old);
            old.occupied().forEach(ip -> release(ip, name));
        });
        allocation.ifPresent(value -> {
            hash += Digest.of(value);
            value.occupied().forEach(ip -> holders.put(ip, name));
        });
        put(vip.with(allocation));
    }

    /** Another name may have got the address by an earlier change of the same batch, as when two names swap. */
    private void release(Ip ip, ServiceName name) {
        if (name.equals(holders.get(ip))) {
            holders.remove(ip);
        }
    }
}
