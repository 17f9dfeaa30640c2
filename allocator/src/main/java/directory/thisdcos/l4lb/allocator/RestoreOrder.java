package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Allocation.Status;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes the table what it once was. Names that it has beside go into quarantine, unless a name of the wanted table needs
 * their address. The pools stay those of the settings; and what the sources say now is planned on top of it.
 *
 * @param wanted with one user for each address
 * @param replace whether the table may hold something already
 * @param condition throws what is to be told if the table is another one than its giver knows; called with the newest
 */
public record RestoreOrder(State wanted, boolean replace, Consumer<State> condition)
        implements Order<RestoreOrder.Report> {

    /** Whatever the table is now. */
    public RestoreOrder(State wanted, boolean replace) {
        this(wanted, replace, table -> {});
    }

    /** @param targets in the wanted table */
    public record Report(int targets, int changes) {}

    @Override
    public Decision<Report> decide(State current, Circumstances circumstances) throws OrderRefusedException {
        condition.accept(current);
        List<Change> changes = new ArrayList<>();
        // What goes, goes first: each prefix of the changes is sound, since they are committed in many batches.
        current.vips().forEach(vip -> remove(vip, circumstances, changes));
        wanted.vips().forEach(vip -> {
            Optional<Vip> held = current.vip(vip.target());
            vip.allocation()
                    .filter(allocation -> !held.flatMap(Vip::allocation).equals(Optional.of(allocation)))
                    .ifPresent(allocation -> changes.add(new Change.AllocationPut(allocation)));
            vip.services().forEach(service -> put(service, held.flatMap(old -> old.service(service.key())), changes));
        });
        if (!changes.isEmpty() && current.size() > 0 && !replace) {
            throw OrderRefusedException.conflict(
                    "replace",
                    "the table holds " + current.size() + " names and fixed VIPs already; to put this one in its place,"
                            + " say so: --replace, or ?replace=true");
        }
        return new Decision<>(changes, new Report(wanted.size(), changes.size()));
    }

    private void remove(Vip vip, Circumstances circumstances, List<Change> changes) {
        Optional<Vip> kept = wanted.vip(vip.target());
        for (VirtualService service : vip.services()) {
            if (kept.flatMap(other -> other.service(service.key())).isEmpty()) {
                changes.add(new Change.ServiceRemoved(service.key()));
            }
        }
        if (vip.allocation().isEmpty()) {
            return;
        }
        Allocation held = vip.allocation().get();
        Optional<Allocation> next = kept.flatMap(Vip::allocation);
        if (next.isEmpty() && isFree(held, vip.target())) {
            Allocation left = held.withHold(held.hold().withReserved(false))
                    .withStatus(Status.QUARANTINED, circumstances.nowMillis());
            if (!left.equals(held)) {
                changes.add(new Change.AllocationPut(left));
            }
        } else if (next.isEmpty() || !next.get().occupied().equals(held.occupied())) {
            changes.add(new Change.AllocationRemoved(held.name()));
        }
    }

    private boolean isFree(Allocation held, Target of) {
        return held.occupied().stream().allMatch(ip -> {
            Optional<ServiceName> holder = wanted.holder(ip);
            return !wanted.isClaimed(ip) && (holder.isEmpty() || holder.get().equals(of));
        });
    }

    private static void put(VirtualService wanted, Optional<VirtualService> held, List<Change> changes) {
        if (held.equals(Optional.of(wanted))) {
            return;
        }
        if (!held.map(VirtualService::spec).equals(Optional.of(wanted.spec()))) {
            changes.add(new Change.ServicePut(wanted.key(), wanted.spec()));
        }
        wanted.backends().forEach((address, backend) -> {
            if (held.filter(old -> backend.equals(old.backends().get(address))).isEmpty()) {
                changes.add(new Change.BackendPut(wanted.key(), backend));
            }
        });
        held.ifPresent(old -> old.backends().keySet().forEach(address -> {
            if (!wanted.backends().containsKey(address)) {
                changes.add(new Change.BackendRemoved(wanted.key(), address));
            }
        }));
    }
}
