package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.StateJournal;
import directory.thisdcos.l4lb.store.StoreException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A table in memory; each queued exception fails one append. */
public final class MemoryJournal implements StateJournal {
    private final BlockingQueue<StoreException> failures = new LinkedBlockingQueue<>();
    private final BlockingQueue<State> committed = new LinkedBlockingQueue<>();
    private volatile State state = State.EMPTY;
    private final AtomicInteger takeovers = new AtomicInteger();

    @Override
    public State takeOver() {
        takeovers.incrementAndGet();
        return state;
    }

    @Override
    public State append(List<Change> changes) throws StoreException {
        StoreException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        state = state.apply(new Batch(takeovers.get(), state.seq() + 1, 0, changes));
        committed.add(state);
        return state;
    }

    /** Lets the next append fail. */
    void fail(StoreException failure) {
        failures.add(failure);
    }

    BlockingQueue<State> committed() {
        return committed;
    }

    int takeovers() {
        return takeovers.get();
    }

    public State state() {
        return state;
    }
}
