package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.store.StateJournal;
import directory.thisdcos.l4lb.store.StoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What operators drain: stored first, then brought to the inventory, and told once the table has it. Orders come from any
 * thread; the rest is the allocator's thread's.
 */
final class DrainBench {
    private final StateJournal journal;
    private final SourceBook book;
    private final ConcurrentLinkedQueue<Pending> queue = new ConcurrentLinkedQueue<>();
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private volatile Drains inForce = Drains.NONE;

    private record Pending(DrainOrder order, CompletableFuture<DrainOrder.Result> future) {}

    DrainBench(StateJournal journal, SourceBook book) {
        this.journal = journal;
        this.book = book;
    }

    CompletableFuture<DrainOrder.Result> add(DrainOrder order) {
        CompletableFuture<DrainOrder.Result> future = new CompletableFuture<>();
        queue.add(new Pending(order, future));
        return future;
    }

    /** As this process last read or stored it. */
    Drains now() {
        return inForce;
    }

    /** Becomes the one whose word counts. */
    void takeOver() {
        inForce = journal.drains();
        book.drain(inForce, Set.of());
    }

    /** Stores and puts in force what was ordered; a failure leaves it to a later call. */
    void look(State table) throws StoreException {
        for (Pending next = queue.poll(); next != null; next = queue.poll()) {
            waiting.add(next);
        }
        Drains next = inForce;
        for (Pending pending : waiting) {
            next = pending.order().applyTo(next);
        }
        if (next.equals(inForce)) {
            return;
        }
        journal.drain(next);
        Drains before = inForce;
        Drains after = next;
        Set<Target> changed = new HashSet<>();
        table.vips().filter(vip -> concerns(vip, before, after)).forEach(vip -> changed.add(vip.target()));
        inForce = next;
        book.drain(next, changed);
    }

    private static boolean concerns(Vip vip, Drains before, Drains after) {
        return vip.services().stream()
                .flatMap(service -> service.backends().values().stream())
                .anyMatch(backend -> isDrained(backend, before) != isDrained(backend, after));
    }

    private static boolean isDrained(Backend backend, Drains drains) {
        return drains.of(backend).isPresent();
    }

    /** Of what was put in force, and is not in the table yet. */
    List<Cause> causes() {
        return waiting.stream().map(pending -> pending.order().cause()).toList();
    }

    /** What was put in force is in the table. */
    void committed(State table) {
        for (Pending next = waiting.poll(); next != null; next = waiting.poll()) {
            next.future().complete(new DrainOrder.Result(inForce, table));
        }
    }

    /** Nobody here knows what becomes of it. */
    void abandon(RuntimeException reason) {
        for (Pending next = queue.poll(); next != null; next = queue.poll()) {
            waiting.add(next);
        }
        waiting.forEach(pending -> pending.future().completeExceptionally(reason));
        waiting.clear();
    }
}
