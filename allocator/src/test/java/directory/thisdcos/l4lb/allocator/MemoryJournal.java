package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.Refusal;
import directory.thisdcos.l4lb.store.StateJournal;
import directory.thisdcos.l4lb.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A table in memory; each queued exception fails one append. */
public final class MemoryJournal implements StateJournal {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BlockingQueue<StoreException> failures = new LinkedBlockingQueue<>();
    private volatile State state = State.EMPTY;
    private volatile Drains drains = Drains.NONE;
    private volatile Predicate<Change> refused = change -> false;
    private volatile List<Refusal> refusals = List.of();
    private volatile List<Cause> causes = List.of();
    private final AtomicInteger takeovers = new AtomicInteger();

    @Override
    public State takeOver() {
        takeovers.incrementAndGet();
        return state;
    }

    @Override
    public State append(List<Change> changes, List<Cause> causes) throws StoreException {
        StoreException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        refusals = changes.stream()
                .filter(refused)
                .map(change -> new Refusal(change, "it is too large"))
                .toList();
        List<Change> fitting =
                changes.stream().filter(change -> !refused.test(change)).toList();
        this.causes = causes;
        return commit(state.apply(new Batch(takeovers.get(), state.seq() + 1, 0, fitting)));
    }

    private synchronized State commit(State next) {
        state = next;
        notifyAll();
        return next;
    }

    /** The table as soon as it is as wanted; never one that was committed before this call and is no longer the table. */
    synchronized State await(Predicate<State> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!wanted.test(state)) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError(
                        "not committed in time: " + state.vips().toList());
            }
            wait(left);
        }
        return state;
    }

    @Override
    public boolean tidy() {
        return false;
    }

    @Override
    public List<Refusal> refusals() {
        return refusals;
    }

    @Override
    public Drains drains() {
        return drains;
    }

    @Override
    public void drain(Drains next) {
        drains = next;
    }

    /** Of the newest batch. */
    public List<Cause> causes() {
        return causes;
    }

    /** From now on these changes are too large. */
    void refuse(Predicate<Change> tooLarge) {
        refused = tooLarge;
    }

    /** Lets the next append fail. */
    void fail(StoreException failure) {
        failures.add(failure);
    }

    int takeovers() {
        return takeovers.get();
    }

    public State state() {
        return state;
    }
}
