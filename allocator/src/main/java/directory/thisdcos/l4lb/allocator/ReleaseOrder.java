package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Allocation.Status;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.VirtualService;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Ends the reservation of a name: it lives on as long as somebody declares it, or goes into quarantine. */
public record ReleaseOrder(ServiceName name, Expectation expectation) implements Order<Allocation> {

    @Override
    public Decision<Allocation> decide(State current, Circumstances now) throws OrderRefusedException {
        Allocation held = held(name, current);
        if (!held.isAllocated()) {
            return Decision.already(held);
        }
        expectation.check(name, Optional.of(held));
        List<VirtualService> services =
                current.vip(name).map(vip -> vip.services()).orElse(List.of());
        if (!held.hold().reserved()) {
            if (!services.isEmpty()) {
                throw OrderRefusedException.conflict(
                        "name",
                        name + " is not reserved, and lives as long as it is declared by " + owners(services)
                                + "; undeclare it there");
            }
        }
        Allocation next = held.withHold(held.hold().withReserved(false));
        if (services.isEmpty()) {
            next = next.withStatus(Status.QUARANTINED, now.nowMillis());
        }
        return new Decision<>(List.of(new Change.AllocationPut(next)), next);
    }

    static Allocation held(ServiceName name, State current) throws OrderRefusedException {
        Optional<Allocation> held = current.allocation(name);
        if (held.isEmpty()) {
            throw new OrderRefusedException(
                    OrderRefusedException.Kind.MISSING,
                    "name",
                    name + " has no address; GET /v1/allocations lists who has");
        }
        return held.get();
    }

    private static String owners(List<VirtualService> services) {
        return services.stream()
                .flatMap(service -> service.spec().origins().stream())
                .map(Origin::owner)
                .distinct()
                .sorted()
                .limit(3)
                .collect(Collectors.joining(", "));
    }
}
