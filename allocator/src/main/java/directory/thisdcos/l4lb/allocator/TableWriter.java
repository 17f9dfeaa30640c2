package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.Refusal;
import directory.thisdcos.l4lb.store.StateJournal;
import directory.thisdcos.l4lb.store.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Takes in what came, plans, commits, and tells who waits for it. Of the allocator's thread alone. */
final class TableWriter {
    private static final String REPORTER = "allocator";
    private static final String REFUSAL_REPORTER = "journal";

    /** Asking for the machine's addresses takes longer than a small plan. */
    private static final long LOCAL_LOOK_MILLIS = 1_000;

    private final AllocatorSettings settings;
    private final StateJournal journal;
    private final SourceBook book;
    private final OrderDesk orders;
    private final ReachBench reach;
    private final DrainBench drains;
    private final ProblemBoard board;
    private final AllocatorMetrics metrics;
    private final InstantSource clock;
    private final NavigableMap<Target, List<Problem>> problems = new TreeMap<>();
    private final Map<Optional<Target>, List<Problem>> refused = new HashMap<>();
    private final List<Intake.Item> waiting = new ArrayList<>();
    private Map<Ip, String> local = Map.of();
    private DangerousAddresses dangerous;
    private long nextLocalLook;
    private Planner planner;
    private boolean lookAtAll = true;
    private long nextExpiry = Long.MAX_VALUE;
    private volatile State state = State.EMPTY;

    /** @param ordered changes that go before the plan's, which is made for the table after them */
    private record Planned(List<Change> ordered, Plan plan, Scope scope, Inventory.Touched touched) {

        List<Change> changes() {
            return ordered.isEmpty()
                    ? plan.changes()
                    : Stream.concat(ordered.stream(), plan.changes().stream()).toList();
        }
    }

    TableWriter(
            AllocatorSettings settings,
            StateJournal journal,
            SourceBook book,
            OrderDesk orders,
            ReachBench reach,
            DrainBench drains,
            ProblemBoard board,
            AllocatorMetrics metrics,
            InstantSource clock) {
        this.settings = settings;
        this.journal = journal;
        this.book = book;
        this.orders = orders;
        this.reach = reach;
        this.drains = drains;
        this.board = board;
        this.metrics = metrics;
        this.clock = clock;
        this.dangerous = settings.dangerous();
        this.planner = planner();
    }

    /** One that has watched the quarantines from now on. */
    private Planner planner() {
        return new Planner(
                settings.pools(), new Quarantine(settings.quarantine(), clock.millis()), settings.balancing());
    }

    State state() {
        return state;
    }

    /** Becomes the writer; what was planned before does not count any more. */
    void takeOver() throws StoreException {
        state = journal.takeOver();
        planner = planner();
        book.restore(state);
        reach.takeOver(state);
        drains.takeOver();
        // What was ordered and did not reach the table: the source of the API is the table alone.
        book.repeat(waiting);
        lookAtAll = true;
        metrics.state(state);
    }

    /** Another process leads now: nobody here knows what becomes of what was ordered. */
    void abandon() {
        IllegalStateException reason = new IllegalStateException("another process writes the table now; try again");
        for (Intake.Item item : waiting) {
            item.ordered().ifPresent(ordered -> ordered.committed().completeExceptionally(reason));
        }
        waiting.clear();
        book.abandonConditional(reason);
        orders.abandon(reason);
        drains.abandon(reason);
        reach.stepDown();
    }

    /** Takes in what came; it waits for the next {@link #step} that succeeds, or for {@link #abandon}. */
    void takeIn() {
        waiting.addAll(book.takeIn());
    }

    /** Brings the table to what the sources say now. A failure leaves it to a later {@link #takeOver}. */
    void step() throws StoreException {
        book.takeInConditional(state).ifPresent(waiting::add);
        takeIn();
        long now = clock.millis();
        lookAtAll |= now >= nextExpiry;
        lookAtLocalAddresses(now);
        reach.look(state);
        drains.look(state);
        List<Change> ordered = orders.isEmpty() ? List.of() : orders.decide(state, circumstances(now));
        if (ordered.stream().anyMatch(change -> change instanceof Change.ServicePut)) {
            // A restored table: what clients once put through the API stands nowhere else.
            book.restore(state.fold(ordered));
            lookAtAll = true;
        }
        Planned planned = book.read(inventory -> plan(inventory, ordered, now));
        book.publish(planned.touched.problems());
        if (!planned.scope.isEmpty()) {
            publishProblems(planned);
        }
        commit(planned);
        tellWaiting();
    }

    /** What the table needs now and then, as long as nothing else waits. */
    void tidy(BooleanSupplier isIdle) throws StoreException {
        boolean isMore = true;
        while (isMore && isIdle.getAsBoolean()) {
            isMore = journal.tidy();
        }
    }

    private void lookAtLocalAddresses(long now) {
        if (now < nextLocalLook) {
            return;
        }
        Map<Ip, String> found = LocalAddresses.now();
        lookAtAll |= !local.equals(found);
        if (!local.equals(found)) {
            local = found;
            dangerous = settings.dangerous().with(found);
        }
        nextLocalLook = now + LOCAL_LOOK_MILLIS;
    }

    private Circumstances circumstances(long now) {
        return new Circumstances(settings.pools(), settings.quarantine(), dangerous, now);
    }

    private Planned plan(Inventory inventory, List<Change> ordered, long now) {
        ordered.forEach(change -> change.target().ifPresent(inventory::touch));
        State base = ordered.isEmpty() ? state : state.fold(ordered);
        Inventory.Touched touched = inventory.touched();
        Scope scope = lookAtAll ? Scope.ALL : Scopes.of(touched, inventory, base, problems.keySet());
        // If this fails, the next attempt must not rely on what was touched.
        lookAtAll = true;
        if (scope.isEmpty()) {
            return new Planned(ordered, new Plan(List.of(), new TreeMap<>()), scope, touched);
        }
        long before = System.nanoTime();
        Plan plan = planner.plan(base, inventory, scope, dangerous, now);
        metrics.planned(System.nanoTime() - before);
        return new Planned(ordered, plan, scope, touched);
    }

    private void publishProblems(Planned planned) {
        SortedMap<Target, List<Problem>> found = planned.plan.problems();
        boolean isChanged;
        if (planned.scope.all()) {
            isChanged = !problems.equals(found);
            problems.clear();
        } else {
            isChanged = planned.scope.targets().stream()
                    .anyMatch(target ->
                            !problems.getOrDefault(target, List.of()).equals(found.getOrDefault(target, List.of())));
            planned.scope.targets().forEach(problems::remove);
        }
        problems.putAll(found);
        if (isChanged) {
            board.report(
                    REPORTER, problems.values().stream().flatMap(List::stream).toList());
        }
    }

    private void commit(Planned planned) throws StoreException {
        State before = state;
        List<Change> changes = planned.changes();
        if (!changes.isEmpty()) {
            state = journal.append(changes, causes());
            metrics.committed();
            metrics.state(state);
        }
        keepRefusals(planned.scope, changes.isEmpty() ? List.of() : journal.refusals());
        // What is refused or has no address may get one that is free now.
        lookAtAll = !problems.isEmpty() && changes.stream().anyMatch(change -> frees(before, change));
        long now = clock.millis();
        nextExpiry = planned.scope.all()
                ? planner.nextExpiry(state, now)
                : Math.min(nextExpiry, planner.nextExpiry(changes, now));
    }

    private List<Cause> causes() {
        List<Cause> causes = new ArrayList<>(orders.causes());
        causes.addAll(drains.causes());
        waiting.forEach(item -> item.ordered()
                .ifPresent(ordered -> causes.add(ordered.ordering().cause())));
        return causes;
    }

    /** What no batch could hold is missing until a plan that looks at its target offers it again, and it fits. */
    private void keepRefusals(Scope scope, List<Refusal> refusals) {
        if (refused.isEmpty() && refusals.isEmpty()) {
            return;
        }
        refused.keySet().removeIf(target -> target.map(scope::covers).orElse(true));
        refusals.forEach(refusal -> refused.computeIfAbsent(refusal.change().target(), absent -> new ArrayList<>())
                .add(refusal.problem()));
        board.report(
                REFUSAL_REPORTER,
                refused.values().stream().flatMap(List::stream).toList());
    }

    private static boolean frees(State before, Change change) {
        return change instanceof Change.AllocationRemoved
                || (change instanceof Change.AllocationPut put
                        && before.allocation(put.allocation().name())
                                .filter(old -> !put.allocation().occupied().containsAll(old.occupied()))
                                .isPresent());
    }

    private void tellWaiting() {
        long now = System.nanoTime();
        for (Intake.Item item : waiting) {
            metrics.reached(item.source(), now - item.receivedNanos());
            item.ordered().ifPresent(ordered -> ordered.committed().complete(state));
        }
        waiting.clear();
        orders.committed();
        drains.committed(state);
    }

    /** How long nothing happens by itself; at least 1 ms, so that nobody spins. */
    long millisToNextEvent() {
        if (lookAtAll) {
            return 1;
        }
        return Math.max(1, Math.min(Math.min(nextExpiry, book.nextEvent()), reach.nextEvent()) - clock.millis());
    }
}
