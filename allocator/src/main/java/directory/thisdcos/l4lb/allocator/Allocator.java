package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.source.SourceSnapshot;
import directory.thisdcos.l4lb.store.FencedException;
import directory.thisdcos.l4lb.store.StateJournal;
import directory.thisdcos.l4lb.store.StoreException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the table as the sources want it, while this process leads. Runs on its own thread {@code allocator}; sources
 * offer snapshots from theirs, and only the newest of each counts.
 */
public final class Allocator implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Allocator.class);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

    /** So often leadership and expiry are looked at without a sign. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(1);
    private static final String REPORTER = "allocator";
    private static final String STORE_REPORTER = "allocator-store";

    private final AllocatorSettings settings;
    private final StateJournal journal;
    private final Leadership leadership;
    private final ProblemBoard problems;
    private final InstantSource clock;
    private final AllocatorMetrics metrics;
    private final Planner planner;

    private final ReentrantLock offering = new ReentrantLock();
    private final Map<String, Instant> updated = new ConcurrentHashMap<>();
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "allocator");
    private volatile Inventory inventory;
    private volatile State state = State.EMPTY;

    // Of the thread alone.
    private Duration backoff = FIRST_BACKOFF;
    private Optional<Input> planned = Optional.empty();
    private long nextExpiry = Long.MAX_VALUE;

    /** What a plan depends on, beside the state and the time. */
    private record Input(Inventory inventory, Map<Ip, String> local) {}

    public Allocator(
            AllocatorSettings settings,
            StateJournal journal,
            Leadership leadership,
            ProblemBoard problems,
            PrometheusRegistry registry,
            InstantSource clock) {
        this.settings = settings;
        this.journal = journal;
        this.leadership = leadership;
        this.problems = problems;
        this.clock = clock;
        this.metrics = new AllocatorMetrics(registry);
        this.planner = new Planner(settings.pools(), settings.quarantine());
        this.inventory = Inventory.of(settings.sources());
        settings.sources().forEach(source -> metrics.source(source, false));
    }

    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes what a source says now, in place of what it said before. From any thread; returns at once. */
    public void offer(SourceSnapshot snapshot) {
        offering.lock();
        try {
            inventory = inventory.with(snapshot);
            updated.put(snapshot.source(), clock.instant());
            metrics.source(snapshot.source(), inventory.isComplete(snapshot.source()));
            problems.report(snapshot.source(), snapshot.declarations().problems());
        } finally {
            offering.unlock();
        }
        news.release();
    }

    /** The table as this process last wrote or read it; empty before it first led. */
    public State state() {
        return state;
    }

    /** All configured sources, by id. */
    public List<SourceStatus> sources() {
        Inventory now = inventory;
        return now.configured().stream().map(id -> status(now, id)).toList();
    }

    private SourceStatus status(Inventory now, String id) {
        Optional<Instant> since = Optional.ofNullable(updated.get(id));
        return now.snapshot(id)
                .map(SourceSnapshot::declarations)
                .map(said -> new SourceStatus(
                        id, now.isComplete(id), since, said.services().size(), said.backendCount(), said.problems()))
                .orElseGet(() -> new SourceStatus(id, false, since, 0, 0, List.of()));
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(STOP_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void run() {
        while (isOpen()) {
            try {
                if (leadership.isLeader()) {
                    lead();
                } else {
                    leadership.awaitChange(MAX_WAIT);
                }
                continue;
            } catch (InterruptedException e) {
                // Only close() interrupts, and the loop's condition sees it.
                continue;
            } catch (FencedException e) {
                metrics.failed("fenced");
                log.info("another process writes the table; stepping down ({})", e.getMessage());
            } catch (StoreException e) {
                metrics.failed("store");
                log.debug("the table cannot be written, next try in {} ms: {}", backoff.toMillis(), e.getMessage());
                problems.report(
                        STORE_REPORTER,
                        List.of(new Problem("store", "the table", "cannot be written: " + e.getMessage())));
            } catch (RuntimeException e) {
                metrics.failed("bug");
                log.error("planning failed, next try in {} ms", backoff.toMillis(), e);
            } finally {
                metrics.leading(false);
            }
            pause();
        }
    }

    private void pause() {
        try {
            if (closed.await(backoff.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            // Only close() interrupts.
            return;
        }
        Duration doubled = backoff.multipliedBy(2);
        backoff = doubled.compareTo(MAX_BACKOFF) < 0 ? doubled : MAX_BACKOFF;
    }

    /** Returns when this process does not lead any more. */
    private void lead() throws StoreException, InterruptedException {
        state = journal.takeOver();
        planned = Optional.empty();
        metrics.leading(true);
        metrics.state(state, settings.pools());
        while (isOpen() && leadership.isLeader()) {
            news.drainPermits();
            step();
            backoff = FIRST_BACKOFF;
            if (news.tryAcquire(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("a source has news");
            }
        }
    }

    private void step() throws StoreException {
        Input input = new Input(inventory, LocalAddresses.now());
        long now = clock.millis();
        if (planned.equals(Optional.of(input)) && now < nextExpiry) {
            return;
        }
        long before = System.nanoTime();
        Plan plan = planner.plan(state, input.inventory, settings.dangerous().with(input.local), now);
        metrics.planned(System.nanoTime() - before);
        problems.report(REPORTER, plan.problems());
        if (!plan.changes().isEmpty()) {
            state = journal.append(plan.changes());
            metrics.committed();
            metrics.state(state, settings.pools());
        }
        problems.report(STORE_REPORTER, List.of());
        planned = Optional.of(input);
        nextExpiry = planner.nextExpiry(state);
    }
}
