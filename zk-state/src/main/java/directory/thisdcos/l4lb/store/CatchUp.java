package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Meta;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a table up to the head by the cheapest way that works: nothing to do, the batches of the ring, or the whole
 * table. A hash that is not the writer's is counted, and mended by loading the whole table.
 */
final class CatchUp {
    private static final Logger log = LoggerFactory.getLogger(CatchUp.class);

    /**
     * Jitter for each target of the table. All nodes of a cluster lose the ring at the same moment, and a target is
     * some 100 bytes for each of them; so a small table is loaded at once, and a large one not by everybody at once.
     */
    private static final Duration JITTER_PER_TARGET = Duration.ofNanos(300_000);

    private final TableReader reader;
    private final FollowerMetrics metrics;
    private final Duration mostJitter;
    private final Consumer<Duration> beforeReload;
    private final Consumer<TableStep> steps;

    /**
     * @param mostJitter limit of the pause before a table that is served is replaced whole
     * @param beforeReload called with that pause; the table that is served is known to be old from here on
     * @param steps told of each table on the way, also of those that another failure keeps from being served
     */
    CatchUp(
            TableReader reader,
            FollowerMetrics metrics,
            Duration mostJitter,
            Consumer<Duration> beforeReload,
            Consumer<TableStep> steps) {
        this.reader = reader;
        this.metrics = metrics;
        this.mostJitter = mostJitter;
        this.beforeReload = beforeReload;
        this.steps = steps;
    }

    /** @return the table at {@code head} or a newer one; the very same state if that is it */
    State newest(ServedTable served, Meta meta, Head head) throws StoreException {
        State mine = served.state();
        if (!served.isOf(meta)) {
            return head.seq() == 0 ? State.EMPTY : load(mine, meta, "first sight of cluster " + meta.cluster());
        }
        if (head.seq() == mine.seq()
                && head.epoch() == mine.epoch()
                && head.batch().stateHash() == mine.hash()) {
            return mine;
        }
        if (head.seq() <= mine.seq()) {
            metrics.diverged();
            return load(mine, meta, "another table with the batch number " + head.seq());
        }
        try {
            return reader.catchUp(meta, mine, head, steps);
        } catch (GapException e) {
            return load(mine, meta, e.getMessage());
        } catch (DivergedException e) {
            metrics.diverged();
            return load(mine, meta, e.getMessage());
        }
    }

    private State load(State mine, Meta meta, @Nullable String reason) throws StoreException {
        if (mine.size() > 0) {
            log.warn("loading the whole table: {}", reason);
            beforeReload.accept(jitter(mine.size()));
        }
        metrics.reloaded();
        TableReader.Loaded loaded = reader.load(meta);
        steps.accept(
                new TableStep(loaded.state(), Optional.empty(), loaded.head().writtenMillis()));
        return loaded.state();
    }

    private Duration jitter(int targets) {
        Duration wanted = JITTER_PER_TARGET.multipliedBy(targets);
        return wanted.compareTo(mostJitter) < 0 ? wanted : mostJitter;
    }
}
