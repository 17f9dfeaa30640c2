package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import java.util.List;
import java.util.Optional;

/**
 * Frees at once what is in quarantine of a name: its addresses if it is gone, and those that it had before it was moved.
 * Its giver learns what was there.
 */
public record EndQuarantineOrder(ServiceName name, Expectation expectation) implements Order<Optional<Allocation>> {

    @Override
    public Decision<Optional<Allocation>> decide(State current, Circumstances now) throws OrderRefusedException {
        Optional<Allocation> found = current.allocation(name);
        if (found.isEmpty()) {
            return Decision.already(found);
        }
        Allocation held = found.get();
        expectation.check(name, found);
        if (!held.isAllocated()) {
            return new Decision<>(List.of(new Change.AllocationRemoved(name)), found);
        }
        if (held.hold().former().isEmpty()) {
            throw OrderRefusedException.conflict(
                    "name",
                    name + " is in use and has nothing in quarantine; DELETE /v1/allocations/" + name.prefix()
                            + " ends a reservation");
        }
        Allocation next = held.withHold(held.hold().withFormer(List.of()));
        return new Decision<>(List.of(new Change.AllocationPut(next)), found);
    }
}
