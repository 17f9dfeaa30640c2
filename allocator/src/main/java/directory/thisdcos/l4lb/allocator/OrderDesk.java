package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Orders that wait for the allocator's thread, and those that wait for their commit. Only {@link #add} is for all. */
final class OrderDesk {
    private final ConcurrentLinkedQueue<Pending<?>> queue = new ConcurrentLinkedQueue<>();
    private final List<Pending<?>> undecided = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();

    /** An order and who waits for it. */
    private record Pending<R>(Order<R> order, CompletableFuture<R> future) {

        State decide(State current, Circumstances now, List<Change> changes, List<Runnable> answers) {
            try {
                Order.Decision<R> decision = order.decide(current, now);
                changes.addAll(decision.changes());
                answers.add(() -> future.complete(decision.result()));
                return decision.changes().isEmpty() ? current : current.fold(decision.changes());
            } catch (OrderRefusedException | RuntimeException e) {
                // One order that cannot be decided must not keep the table from being written.
                answers.add(() -> future.completeExceptionally(e));
                return current;
            }
        }
    }

    <R> CompletableFuture<R> add(Order<R> order) {
        CompletableFuture<R> future = new CompletableFuture<>();
        queue.add(new Pending<>(order, future));
        return future;
    }

    /** Whether nobody ordered anything. */
    boolean isEmpty() {
        return undecided.isEmpty() && queue.isEmpty();
    }

    /** Decides all that was ordered, also what was decided before and perhaps not committed; each sees those before. */
    List<Change> decide(State current, Circumstances now) {
        for (Pending<?> next = queue.poll(); next != null; next = queue.poll()) {
            undecided.add(next);
        }
        List<Change> changes = new ArrayList<>();
        answers.clear();
        State working = current;
        for (Pending<?> pending : undecided) {
            working = pending.decide(working, now, changes, answers);
        }
        return changes;
    }

    /** What was decided is in the table. */
    void committed() {
        undecided.clear();
        answers.forEach(Runnable::run);
        answers.clear();
    }

    /** Nobody here knows what becomes of it. */
    void abandon(RuntimeException reason) {
        for (Pending<?> next = queue.poll(); next != null; next = queue.poll()) {
            undecided.add(next);
        }
        undecided.forEach(pending -> pending.future().completeExceptionally(reason));
        undecided.clear();
        answers.clear();
    }
}
