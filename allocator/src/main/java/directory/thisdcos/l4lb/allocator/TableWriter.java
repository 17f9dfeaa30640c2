package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.StateJournal;
import directory.thisdcos.l4lb.store.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** Takes in what came, plans, commits, and tells who waits for it. Of the allocator's thread alone. */
final class TableWriter {
    private static final String REPORTER = "allocator";

    /** Asking for the machine's addresses takes longer than a small plan. */
    private static final long LOCAL_LOOK_MILLIS = 1_000;

    private final AllocatorSettings settings;
    private final StateJournal journal;
    private final SourceBook book;
    private final ProblemBoard board;
    private final AllocatorMetrics metrics;
    private final InstantSource clock;
    private final Planner planner;

    private final NavigableMap<Target, List<Problem>> problems = new TreeMap<>();
    private final List<Intake.Item> waiting = new ArrayList<>();
    private Map<Ip, String> local = Map.of();
    private DangerousAddresses dangerous;
    private long nextLocalLook;
    private boolean lookAtAll = true;
    private long nextExpiry = Long.MAX_VALUE;
    private volatile State state = State.EMPTY;

    private record Planned(Plan plan, Scope scope, Inventory.Touched touched) {}

    TableWriter(
            AllocatorSettings settings,
            StateJournal journal,
            SourceBook book,
            ProblemBoard board,
            AllocatorMetrics metrics,
            InstantSource clock) {
        this.settings = settings;
        this.journal = journal;
        this.book = book;
        this.board = board;
        this.metrics = metrics;
        this.clock = clock;
        this.dangerous = settings.dangerous();
        this.planner = new Planner(settings.pools(), settings.quarantine());
    }

    State state() {
        return state;
    }

    /** Becomes the writer; what was planned before does not count any more. */
    void takeOver() throws StoreException {
        state = journal.takeOver();
        book.restore(state);
        // What was ordered and did not reach the table: the source of the API is the table alone.
        book.repeat(waiting);
        lookAtAll = true;
        metrics.state(state);
    }

    /** Another process leads now: nobody here knows what becomes of what was ordered. */
    void abandon() {
        for (Intake.Item item : waiting) {
            item.committed()
                    .ifPresent(future -> future.completeExceptionally(
                            new IllegalStateException("another process writes the table now; try again")));
        }
        waiting.clear();
    }

    /** Brings the table to what the sources say now. A failure leaves it to a later {@link #takeOver}. */
    void step() throws StoreException {
        waiting.addAll(book.takeIn());
        long now = clock.millis();
        lookAtAll |= now >= nextExpiry;
        lookAtLocalAddresses(now);
        Planned planned = book.read(inventory -> plan(inventory, now));
        book.publish(planned.touched.problems());
        if (!planned.scope.isEmpty()) {
            publishProblems(planned);
        }
        commit(planned);
        tellWaiting();
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

    private Planned plan(Inventory inventory, long now) {
        Inventory.Touched touched = inventory.touched();
        Scope scope = lookAtAll ? Scope.ALL : Scopes.of(touched, inventory, state, problems.keySet());
        // If this fails, the next attempt must not rely on what was touched.
        lookAtAll = true;
        if (scope.isEmpty()) {
            return new Planned(new Plan(List.of(), new TreeMap<>()), scope, touched);
        }
        long before = System.nanoTime();
        Plan plan = planner.plan(state, inventory, scope, dangerous, now);
        metrics.planned(System.nanoTime() - before);
        return new Planned(plan, scope, touched);
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
        List<Change> changes = planned.plan.changes();
        if (!changes.isEmpty()) {
            state = journal.append(changes);
            metrics.committed();
            metrics.state(state);
        }
        boolean freed = changes.stream().anyMatch(change -> change instanceof Change.AllocationRemoved);
        // What is refused or has no address may get one that is free now.
        lookAtAll = freed && !problems.isEmpty();
        nextExpiry =
                planned.scope.all() ? planner.nextExpiry(state) : Math.min(nextExpiry, planner.nextExpiry(changes));
    }

    private void tellWaiting() {
        long now = System.nanoTime();
        for (Intake.Item item : waiting) {
            metrics.reached(item.source(), now - item.receivedNanos());
            item.committed().ifPresent(future -> future.complete(state));
        }
        waiting.clear();
    }

    /** How long nothing happens by itself; at least 1 ms, so that nobody spins. */
    long millisToNextEvent() {
        if (lookAtAll) {
            return 1;
        }
        return Math.max(1, Math.min(nextExpiry, book.nextEvent()) - clock.millis());
    }
}
