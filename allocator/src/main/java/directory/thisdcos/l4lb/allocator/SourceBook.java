package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.reach.ReachVerdict;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.SourceSink;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.api.ServiceDocument;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where sources and readers of the API meet the allocator's thread: it owns the inventory, changes it only in {@link
 * #takeIn}, and lets others read it under its lock.
 */
final class SourceBook implements SourceSink {
    private static final Logger log = LoggerFactory.getLogger(SourceBook.class);

    private static final SourceLink NOTHING_YET =
            new SourceLink(new SourceHealth(SourceHealth.Status.CONNECTING, "has not said anything yet"), Instant.MIN);

    private final Set<String> configured;
    private final Leases leases = new Leases();
    private final Intake intake;
    private final ProblemBoard problems;
    private final AllocatorMetrics metrics;
    private final InstantSource clock;
    private final Inventory inventory;
    private final long graceEnds;
    private final Instant started;
    private final Map<String, Instant> updated = new ConcurrentHashMap<>();
    private final Map<String, SourceLink> links = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    SourceBook(
            AllocatorSettings settings,
            Intake intake,
            ProblemBoard problems,
            AllocatorMetrics metrics,
            InstantSource clock) {
        this.configured = settings.sources();
        this.intake = intake;
        this.problems = problems;
        this.metrics = metrics;
        this.clock = clock;
        this.inventory = new Inventory(settings.sources(), new FlapDamper(settings.flaps()));
        this.started = clock.instant();
        this.graceEnds = clock.millis() + settings.grace().toMillis();
        settings.sources().forEach(source -> {
            metrics.source(source, false);
            metrics.link(source, SourceHealth.Status.CONNECTING);
        });
    }

    @Override
    public void accept(SourceUpdate update) {
        updated.put(update.source(), clock.instant());
        intake.add(new Intake.Item(
                update.source(), (book, now) -> book.apply(update, now), update.receivedNanos(), Optional.empty()));
    }

    @Override
    public void health(String source, SourceHealth health) {
        Instant now = clock.instant();
        // The first thing that a source says is that it begins to connect, which is no problem yet.
        boolean isBeginning = health.status() == SourceHealth.Status.CONNECTING && !links.containsKey(source);
        links.merge(
                source,
                new SourceLink(health, now),
                (old, next) -> old.health().status() == health.status() ? new SourceLink(health, old.since()) : next);
        metrics.link(source, health.status());
        problems.report(
                source + " connection",
                health.status() == SourceHealth.Status.LIVE || isBeginning
                        ? List.of()
                        : List.of(new Problem(
                                "source-" + health.status().name().toLowerCase(Locale.ROOT), source, health.detail())));
    }

    /** The step that puts a document. */
    Intake.Step put(ServiceDocument document) {
        String unit = document.unit();
        Declarations said = document.declarations();
        return (book, now) -> {
            book.apply(SourceUpdate.change(ServiceDocument.SOURCE, Map.of(unit, said), Set.of(), 0), now);
            leases.put(unit, said, now);
        };
    }

    /** The step that takes a unit back. */
    Intake.Step delete(String unit) {
        return (book, now) -> {
            book.apply(SourceUpdate.change(ServiceDocument.SOURCE, Map.of(), Set.of(unit), 0), now);
            leases.put(unit, Declarations.NONE, now);
        };
    }

    boolean has(ServiceKey key, String owner) {
        String unit = ServiceDocument.unit(key, owner);
        return read(known -> known.table(ServiceDocument.SOURCE)
                .filter(table -> table.units().containsKey(unit))
                .isPresent());
    }

    /** Says again what the table has of the API, with whole leases. */
    void restore(State state) {
        SourceUpdate update = ApiServices.of(state);
        long now = clock.millis();
        lock.lock();
        try {
            inventory.apply(update, now);
            leases.clear();
            update.units().forEach((unit, said) -> leases.put(unit, said, now));
        } finally {
            lock.unlock();
        }
    }

    /** Lets steps take effect again. */
    void repeat(List<Intake.Item> items) {
        long now = clock.millis();
        lock.lock();
        try {
            items.stream()
                    .filter(item -> item.source().equals(ServiceDocument.SOURCE))
                    .forEach(item -> item.step().run(inventory, now));
        } finally {
            lock.unlock();
        }
    }

    boolean isConfigured(String source) {
        return configured.contains(source);
    }

    long now() {
        return clock.millis();
    }

    /**
     * Lets the next step with a condition take effect, if that holds. One at a time, and before anything else: each is
     * decided on a table in which all before it is. Only for the allocator's thread.
     */
    Optional<Intake.Item> takeInConditional(State table) {
        Intake.Item item = intake.pollConditional();
        if (item == null) {
            return Optional.empty();
        }
        Intake.Ordered ordered = item.ordered().orElseThrow();
        try {
            ordered.ordering().condition().orElseThrow().accept(table);
        } catch (RuntimeException e) {
            ordered.committed().completeExceptionally(e);
            return Optional.empty();
        }
        lock.lock();
        try {
            item.step().run(inventory, clock.millis());
        } finally {
            lock.unlock();
        }
        return Optional.of(item);
    }

    /** Nobody here knows what the table will be. */
    void abandonConditional(RuntimeException reason) {
        for (Intake.Item item = intake.pollConditional(); item != null; item = intake.pollConditional()) {
            item.ordered().orElseThrow().committed().completeExceptionally(reason);
        }
    }

    /** Lets everything that came take effect in the inventory; returns what it was. Only for the allocator's thread. */
    List<Intake.Item> takeIn() {
        List<Intake.Item> items = intake.drain();
        long now = clock.millis();
        lock.lock();
        try {
            items.forEach(item -> item.step().run(inventory, now));
            endLeases(now);
            if (now >= graceEnds) {
                inventory.endGrace();
            }
            inventory.damper().released(now).forEach(key -> inventory.touch(key.target()));
        } finally {
            lock.unlock();
        }
        return items;
    }

    private void endLeases(long now) {
        for (String unit : leases.over(now)) {
            log.info("source={} unit={} was not renewed in time and goes", ServiceDocument.SOURCE, unit);
            inventory.apply(SourceUpdate.change(ServiceDocument.SOURCE, Map.of(), Set.of(unit), 0), now);
        }
    }

    /** Sets which machines are gone. Only for the allocator's thread. */
    void judge(ReachVerdict verdict, Collection<Target> changed) {
        lock.lock();
        try {
            inventory.judge(verdict, changed);
        } finally {
            lock.unlock();
        }
    }

    /** Sets what operators drain. Only for the allocator's thread. */
    void drain(Drains drains, Collection<Target> changed) {
        lock.lock();
        try {
            inventory.drain(drains, changed);
        } finally {
            lock.unlock();
        }
    }

    /** Tells the problem board and the metrics of what changed. */
    void publish(Set<String> sources) {
        for (String source : sources) {
            inventory.table(source).ifPresent(table -> {
                problems.report(source, table.problems());
                metrics.exclusions(source, table.exclusions());
            });
        }
    }

    /** Reads the inventory while nobody changes it. */
    <T> T read(Function<Inventory, T> reader) {
        lock.lock();
        try {
            return reader.apply(inventory);
        } finally {
            lock.unlock();
        }
    }

    /** When the inventory changes by itself next, in milliseconds since the epoch. */
    long nextEvent() {
        return Math.min(
                Math.min(inventory.damper().nextRelease(), leases.nextEnd()),
                inventory.isSettled() ? Long.MAX_VALUE : graceEnds);
    }

    List<SourceStatus> statuses() {
        return read(known -> {
            List<SourceStatus> statuses = new ArrayList<>();
            for (String id : known.configured()) {
                SourceTable table = known.table(id).orElseThrow();
                SourceLink link = links.getOrDefault(id, NOTHING_YET);
                statuses.add(new SourceStatus(
                        id,
                        table.isComplete(),
                        link.health(),
                        link.since().equals(Instant.MIN) ? started : link.since(),
                        Optional.ofNullable(updated.get(id)),
                        known.held(id),
                        table.keys().size(),
                        table.backendCount(),
                        table.problems()));
            }
            return statuses;
        });
    }
}
