package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Orders that wait for the allocator's thread, and those that wait for their commit. Only {@link #add} is for all. */
final class OrderDesk {
    private final ConcurrentLinkedQueue<Pending<?>> queue = new ConcurrentLinkedQueue<>();
    private final List<Pending<?>> undecided = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final List<Cause> causes = new ArrayList<>();

    /** An order and who waits for it. */
    private record Pending<R>(Order<R> order, Cause cause, CompletableFuture<R> future) {

        State decide(
                State current, Circumstances now, List<Change> changes, List<Cause> causes, List<Runnable> answers) {
            try {
                Order.Decision<R> decision = order.decide(current, now);
                changes.addAll(decision.changes());
                causes.add(cause.of(targets(decision.changes())));
                answers.add(() -> future.complete(decision.result()));
                return decision.changes().isEmpty() ? current : current.fold(decision.changes());
            } catch (OrderRefusedException | RuntimeException e) {
                // One order that cannot be decided must not keep the table from being written.
                answers.add(() -> future.completeExceptionally(e));
                return current;
            }
        }

        private static Set<String> targets(List<Change> changes) {
            return changes.stream()
                    .flatMap(change -> change.target().stream())
                    .map(Target::text)
                    .collect(Collectors.toSet());
        }
    }

    <R> CompletableFuture<R> add(Order<R> order, Cause cause) {
        CompletableFuture<R> future = new CompletableFuture<>();
        queue.add(new Pending<>(order, cause, future));
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
        causes.clear();
        State working = current;
        for (Pending<?> pending : undecided) {
            working = pending.decide(working, now, changes, causes, answers);
        }
        return changes;
    }

    /** Of what was decided last. */
    List<Cause> causes() {
        return causes;
    }

    /** What was decided is in the table. */
    void committed() {
        undecided.clear();
        causes.clear();
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
        causes.clear();
    }
}
