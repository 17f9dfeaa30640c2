package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What others want to tell the allocator's thread, in order. Safe for every thread. */
final class Intake {

    /** Something to do with the inventory, on the allocator's thread, at a time in milliseconds since the epoch. */
    interface Step {
        void run(Inventory inventory, long now);
    }

    /**
     * A step.
     *
     * @param source whose news it is; for the metric
     * @param receivedNanos when it reached this process, on {@link System#nanoTime}'s clock
     * @param ordered empty for what a source says by itself
     */
    record Item(String source, Step step, long receivedNanos, Optional<Ordered> ordered) {}

    /**
     * Who wanted a step.
     *
     * @param committed completed with the table in which the step has had its effect
     */
    record Ordered(Ordering ordering, CompletableFuture<State> committed) {}

    private final ConcurrentLinkedQueue<Item> items = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Item> conditional = new ConcurrentLinkedQueue<>();
    private final Semaphore signs = new Semaphore(0);

    void add(Item item) {
        boolean isConditional =
                item.ordered().flatMap(one -> one.ordering().condition()).isPresent();
        (isConditional ? conditional : items).add(item);
        signs.release();
    }

    /** Only wakes the thread up. */
    void poke() {
        signs.release();
    }

    /** Whether {@link #await} would wait. */
    boolean isEmpty() {
        return signs.availablePermits() == 0;
    }

    /** Returns when there is something, or after the time. */
    void await(long millis) throws InterruptedException {
        if (signs.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            signs.drainPermits();
        }
    }

    /** Takes the next one with a condition; {@link #drain} takes the others. */
    @Nullable Item pollConditional() {
        Item item = conditional.poll();
        if (!conditional.isEmpty()) {
            poke();
        }
        return item;
    }

    /** Takes all that is there now. */
    List<Item> drain() {
        List<Item> drained = new ArrayList<>();
        for (Item item = items.poll(); item != null; item = items.poll()) {
            drained.add(item);
        }
        return drained;
    }
}
