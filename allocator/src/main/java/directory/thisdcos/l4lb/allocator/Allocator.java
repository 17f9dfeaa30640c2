package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.reach.ReachVerdict;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.SourceSink;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.api.ServiceDocument;
import directory.thisdcos.l4lb.store.FencedException;
import directory.thisdcos.l4lb.store.StateJournal;
import directory.thisdcos.l4lb.store.StoreException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the table as the sources want it, while this process leads. Runs on its own thread {@code allocator}; others
 * tell it what they want through an {@link Intake}. While it does not lead, or the table cannot be written, it takes in
 * what sources say all the same, so that it knows everything at once when it leads.
 */
public final class Allocator implements AllocatorControl, SourceSink, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Allocator.class);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

    /** So often leadership and expiry are looked at without a sign. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(1);
    private static final String STORE_REPORTER = "allocator-store";

    private final Leadership leadership;
    private final ProblemBoard problems;
    private final AllocatorMetrics metrics;
    private final Intake intake = new Intake();
    private final OrderDesk orders = new OrderDesk();
    private final SourceBook book;
    private final ReachBench reach;
    private final DrainBench drains;
    private final TableWriter writer;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "allocator");

    /** Of the thread alone. */
    private Duration backoff = FIRST_BACKOFF;

    public Allocator(
            AllocatorSettings settings,
            StateJournal journal,
            Leadership leadership,
            ProblemBoard problems,
            PrometheusRegistry registry,
            InstantSource clock) {
        this.leadership = leadership;
        this.problems = problems;
        this.metrics = new AllocatorMetrics(registry, settings.pools());
        this.book = new SourceBook(settings, intake, problems, metrics, clock);
        this.reach = new ReachBench(settings.reach(), book, problems, metrics, clock);
        this.drains = new DrainBench(journal, book);
        this.writer = new TableWriter(settings, journal, book, orders, reach, drains, problems, metrics, clock);
    }

    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void accept(SourceUpdate update) {
        book.accept(update);
    }

    @Override
    public void health(String source, SourceHealth health) {
        book.health(source, health);
    }

    @Override
    public boolean isLeading() {
        return leadership.isLeader();
    }

    @Override
    public Optional<URI> leaderApi() {
        return leadership.leaderApi();
    }

    @Override
    public Optional<CompletableFuture<State>> freeze(String source, boolean isFrozen, Cause cause) {
        return command(source, (inventory, now) -> inventory.freeze(source, isFrozen, now), cause);
    }

    @Override
    public Optional<CompletableFuture<State>> forget(String source, Cause cause) {
        return command(source, (inventory, now) -> inventory.forget(source, now), cause);
    }

    @Override
    public CompletableFuture<State> put(ServiceDocument document, Ordering ordering) {
        return order(ServiceDocument.SOURCE, book.put(document), about(document.key(), ordering));
    }

    @Override
    public Optional<CompletableFuture<State>> delete(ServiceKey key, String owner, Ordering ordering) {
        return book.has(key, owner)
                ? Optional.of(order(
                        ServiceDocument.SOURCE, book.delete(ServiceDocument.unit(key, owner)), about(key, ordering)))
                : Optional.empty();
    }

    private static Ordering about(ServiceKey key, Ordering ordering) {
        return new Ordering(ordering.cause().of(Set.of(key.target().text())), ordering.condition());
    }

    @Override
    public <R> CompletableFuture<R> order(Order<R> order, Cause cause) {
        CompletableFuture<R> committed = orders.add(order, cause);
        intake.poke();
        return committed;
    }

    @Override
    public CompletableFuture<DrainOrder.Result> drain(DrainOrder order) {
        CompletableFuture<DrainOrder.Result> committed = drains.add(order);
        intake.poke();
        return committed;
    }

    @Override
    public Drains drains() {
        return drains.now();
    }

    private Optional<CompletableFuture<State>> command(String source, Intake.Step step, Cause cause) {
        return book.isConfigured(source) ? Optional.of(order(source, step, new Ordering(cause))) : Optional.empty();
    }

    private CompletableFuture<State> order(String source, Intake.Step step, Ordering ordering) {
        CompletableFuture<State> committed = new CompletableFuture<>();
        intake.add(
                new Intake.Item(source, step, System.nanoTime(), Optional.of(new Intake.Ordered(ordering, committed))));
        return committed;
    }

    /** Empty before this process first led. */
    @Override
    public State state() {
        return writer.state();
    }

    /** Tells who is registered now, whenever that or what they say changed; from any thread. */
    public void presences(SortedMap<String, NodeStatus> nodes) {
        reach.presences(nodes);
        intake.poke();
    }

    @Override
    public ReachVerdict reach() {
        return reach.now();
    }

    @Override
    public List<SourceStatus> sources() {
        return book.statuses();
    }

    @Override
    public List<Explanation> explain(String query) {
        return book.read(inventory -> new Explainer(inventory, book.now()).explain(query));
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
                    writer.abandon();
                } else {
                    leadership.awaitChange(MAX_WAIT);
                    writer.takeIn();
                    refuseOrders();
                }
                continue;
            } catch (InterruptedException e) {
                // Only close() interrupts, and the loop's condition sees it.
                continue;
            } catch (FencedException e) {
                metrics.failed("fenced");
                writer.abandon();
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

    /** Those that came too late: what an operator wanted once must not happen when this process leads again some day. */
    private void refuseOrders() {
        if (!leadership.isLeader()) {
            writer.abandon();
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
        writer.takeIn();
        Duration doubled = backoff.multipliedBy(2);
        backoff = doubled.compareTo(MAX_BACKOFF) < 0 ? doubled : MAX_BACKOFF;
    }

    /** Returns when this process does not lead any more. */
    private void lead() throws StoreException, InterruptedException {
        writer.takeOver();
        metrics.leading(true);
        while (isOpen() && leadership.isLeader()) {
            writer.step();
            problems.report(STORE_REPORTER, List.of());
            backoff = FIRST_BACKOFF;
            writer.tidy(intake::isEmpty);
            intake.await(Math.min(MAX_WAIT.toMillis(), writer.millisToNextEvent()));
        }
    }
}
