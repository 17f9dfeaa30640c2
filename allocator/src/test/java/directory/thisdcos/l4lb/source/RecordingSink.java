package directory.thisdcos.l4lb.source;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Keeps what a source says, as the union of its units after each step. */
public final class RecordingSink implements SourceSink {
    private static final long DEADLINE_SECONDS = 10;

    /** After one step. */
    public record Seen(boolean complete, Declarations declarations) {}

    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final BlockingQueue<SourceHealth> healths = new LinkedBlockingQueue<>();
    private final Map<String, Declarations> units = new TreeMap<>();
    private volatile Seen last = new Seen(false, Declarations.NONE);

    @Override
    public synchronized void accept(SourceUpdate update) {
        if (update.whole()) {
            units.clear();
        }
        update.gone().forEach(units::remove);
        units.putAll(update.units());
        last = new Seen(last.complete() || update.complete(), Declarations.union(units.values()));
        seen.add(last);
    }

    @Override
    public void health(String source, SourceHealth health) {
        healths.add(health);
    }

    /** What is said now. */
    public Seen last() {
        return last;
    }

    /** The next step after which the union is as wanted. */
    public Seen await(Predicate<Declarations> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (true) {
            Seen next = seen.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new AssertionError("not seen in time; last " + Documents.vips(last.declarations()) + " "
                        + Documents.problems(last.declarations()));
            }
            if (wanted.test(next.declarations())) {
                return next;
            }
        }
    }

    /** The next health with this status. */
    public SourceHealth await(SourceHealth.Status wanted) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (true) {
            SourceHealth next = healths.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new AssertionError("never became " + wanted);
            }
            if (next.status() == wanted) {
                return next;
            }
        }
    }
}
