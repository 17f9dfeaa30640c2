package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.runtime.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Brings services to what is wanted. When the kernel refuses something, the mirror was wrong: that service is read and
 * planned once more (so a vanished one is made again, an existing one is set).
 */
final class TableWriter {
    private static final int MOST_SHOWN = 100;

    private final IpvsTable table;
    private final KernelMirror mirror;
    private final IpvsMetrics metrics;
    private final Schedulers schedulers;
    private final SchedulerChanges schedulerChanges = new SchedulerChanges();
    private final Map<ServiceId, List<Problem>> refusals = new HashMap<>();
    private final Set<ServiceId> unpublished = new HashSet<>();
    private Optional<Executed> executed = Optional.empty();

    /** What was last asked of the kernel; put into words only when somebody asks. */
    private record Executed(Instant at, Duration took, int count, List<IpvsOp> first) {
        PlanReport report() {
            return new PlanReport(
                    at, took, count, first.stream().map(IpvsadmText::of).toList());
        }
    }

    TableWriter(IpvsTable table, KernelMirror mirror, IpvsMetrics metrics, Schedulers schedulers) {
        this.table = table;
        this.mirror = mirror;
        this.metrics = metrics;
        this.schedulers = schedulers;
    }

    /**
     * @param ids the services to bring to what is wanted
     * @param wanted at least these, as far as they are wanted
     */
    void write(Collection<ServiceId> ids, Map<ServiceId, ServiceEntry> wanted) throws NetlinkException {
        ids.forEach(this::forget);
        Set<ServiceId> surprising = attempt(ids, wanted, false);
        if (!surprising.isEmpty()) {
            mirror.readExactly(surprising);
            if (!attempt(surprising, wanted, true).isEmpty()) {
                mirror.readExactly(refusals.keySet());
            }
        }
    }

    /** Services that wait for their change of the scheduler, and are to be written next. */
    List<ServiceId> nextSchedulerChanges() {
        return schedulerChanges.next();
    }

    private void forget(ServiceId id) {
        refusals.remove(id);
        unpublished.remove(id);
    }

    /** Plans and writes once; returns the services of which the kernel refused something. */
    private Set<ServiceId> attempt(Collection<ServiceId> ids, Map<ServiceId, ServiceEntry> all, boolean last)
            throws NetlinkException {
        Map<ServiceId, ServiceEntry> possible = schedulers.possible(all, mirror.entries());
        schedulers.note(ids, all, possible);
        Map<ServiceId, ServiceEntry> wanted = schedulerChanges.limit(mirror.entries(), possible, ids);
        List<IpvsOp> operations = TableDiff.between(mirror.entries(), wanted, ids);
        if (operations.isEmpty()) {
            return Set.of();
        }
        metrics.operations(operations);
        long start = System.nanoTime();
        int[] errors = table.execute(operations);
        executed = Optional.of(new Executed(
                Instant.now(),
                Duration.ofNanos(System.nanoTime() - start),
                operations.size(),
                List.copyOf(operations.subList(0, Math.min(operations.size(), MOST_SHOWN)))));
        Set<ServiceId> refused = new HashSet<>();
        for (int i = 0; i < errors.length; i++) {
            IpvsOp operation = operations.get(i);
            if (errors[i] != 0 && !operation.isDoneDespite(errors[i])) {
                refused.add(operation.id());
                metrics.error(errors[i]);
                schedulers.note(operation, errors[i]);
                if (last) {
                    refuse(operation, errors[i]);
                }
            }
        }
        for (ServiceId id : ids) {
            if (!refused.contains(id)) {
                mirror.set(id, Optional.ofNullable(wanted.get(id)));
            }
        }
        return refused;
    }

    private void refuse(IpvsOp operation, int errno) {
        // A destination that is refused leaves the others at work; without its service nothing works.
        if (operation instanceof IpvsOp.AddService || operation instanceof IpvsOp.SetService) {
            unpublished.add(operation.id());
        }
        refusals.computeIfAbsent(operation.id(), id -> new ArrayList<>())
                .add(new Problem(
                        "ipvs",
                        "IPVS service " + operation.id(),
                        "the kernel refused '" + IpvsadmText.of(operation) + "': "
                                + Refusal.explain(operation, errno)));
    }

    /** What an audit is about to mend; what the kernel has refused before, or what had to wait for room, is no repair. */
    List<IpvsOp> repairs(Collection<ServiceId> ids, Map<ServiceId, ServiceEntry> wanted) {
        List<IpvsOp> repairs = new ArrayList<>();
        Set<ServiceId> made = new HashSet<>();
        for (IpvsOp operation :
                TableDiff.between(mirror.entries(), schedulers.possible(wanted, mirror.entries()), ids)) {
            // Nor is the second step of making a service.
            boolean publishes = operation instanceof IpvsOp.SetService && made.contains(operation.id());
            boolean wasHeldBack =
                    refusals.containsKey(operation.id()) || schedulers.waiting().contains(operation.id());
            if (!publishes && !wasHeldBack) {
                repairs.add(operation);
            }
            if (operation instanceof IpvsOp.AddService) {
                made.add(operation.id());
            }
        }
        return repairs;
    }

    /** Services of which the kernel refused something: the mirror does not have what is wanted. */
    Set<ServiceId> refused() {
        return refusals.keySet();
    }

    /** Services that the kernel does not take. */
    Set<ServiceId> unpublished() {
        return unpublished;
    }

    /** What was last asked of the kernel. */
    Optional<PlanReport> lastPlan() {
        return executed.map(Executed::report);
    }

    Stream<Problem> problems() {
        return refusals.values().stream().flatMap(List::stream);
    }
}
