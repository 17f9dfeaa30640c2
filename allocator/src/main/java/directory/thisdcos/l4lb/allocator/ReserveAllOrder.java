package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reserves many names, or none of them if one cannot be.
 *
 * @param planOnly whether only to say what would happen
 */
public record ReserveAllOrder(List<ReserveOrder> orders, boolean planOnly) implements Order<ReserveAllOrder.Report> {

    /**
     * What came of it.
     *
     * @param reserved names that were not reserved at these addresses before; none is written if there are conflicts
     * @param already names that were
     */
    public record Report(int reserved, int already, List<Conflict> conflicts) {
        public Report {
            conflicts = List.copyOf(conflicts);
        }
    }

    /** A name that cannot be reserved at its addresses, and why. */
    public record Conflict(ServiceName name, String field, String reason) {}

    public ReserveAllOrder {
        orders = List.copyOf(orders);
    }

    @Override
    public Decision<Report> decide(State current, Circumstances circumstances) {
        Run run = new Run(current);
        orders.forEach(order -> run.decide(order, circumstances));
        boolean writes = !planOnly && run.conflicts.isEmpty();
        return new Decision<>(
                writes ? run.changes : List.of(), new Report(run.changes.size(), run.already, run.conflicts));
    }

    /** Folds what was decided only where the next order depends on it: a state for each of them would be dear. */
    private static final class Run {
        private final List<Change> changes = new ArrayList<>();
        private final List<Conflict> conflicts = new ArrayList<>();
        private final Set<Object> touched = new HashSet<>();
        private State working;
        private int folded;
        private int already;

        Run(State current) {
            this.working = current;
        }

        void decide(ReserveOrder order, Circumstances circumstances) {
            if (order.address().isEmpty()
                    || touched.contains(order.name())
                    || touched.contains(order.address().get())
                    || order.address6().filter(touched::contains).isPresent()) {
                working = working.fold(changes.subList(folded, changes.size()));
                folded = changes.size();
                touched.clear();
            }
            try {
                Decision<Allocation> decision = order.decide(working, circumstances);
                changes.addAll(decision.changes());
                already += decision.changes().isEmpty() ? 1 : 0;
                touched.add(order.name());
                for (Ip ip : decision.result().occupied()) {
                    touched.add(ip);
                }
            } catch (OrderRefusedException e) {
                conflicts.add(new Conflict(order.name(), e.field(), String.valueOf(e.getMessage())));
            }
        }
    }
}
