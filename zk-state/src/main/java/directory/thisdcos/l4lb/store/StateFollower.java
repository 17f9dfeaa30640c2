package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.codec.Meta;
import directory.thisdcos.l4lb.store.disk.TableFile;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's table equal to ZooKeeper's. Runs on one thread of its own, {@code state-follower}; watches and
 * changes of the connection only poke it, so a burst of batches costs one look.
 *
 * <p>Fails static: whatever happens to ZooKeeper, the table that is served stays. An empty, an older or another
 * cluster's table does not replace it, unless the operator said so ({@link ZooKeeperSettings#acceptCluster}).
 */
public final class StateFollower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StateFollower.class);

    /** A connection or a table that is missing for longer than this is worth telling. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final ZooKeeperClient client;
    private final ZooKeeperSettings settings;
    private final TableReader reader;
    private final StoreLayout layout;
    private final Consumer<State> listener;
    private final FollowerMetrics metrics;
    private final CatchUp catchUp;
    private final PokedLoop loop = new PokedLoop("state-follower", this::step);
    private final Watcher watcher = this::changed;
    private final Staleness staleness;
    private final Backoff backoff = new Backoff();

    /** Set before the start. */
    private Consumer<TableStep> steps = step -> {};

    /** Whether any table of ZooKeeper's may replace the one of the last run. */
    private boolean acceptsFirst;

    private volatile ServedTable served;
    private volatile boolean following;
    private volatile boolean metaDue = true;
    /** System.nanoTime at which the table was last known to be the newest. */
    private volatile long lastCurrentNanos;

    // Only the follower's thread touches these.
    private @Nullable Meta meta;
    private @Nullable State delivered;

    /**
     * @param initial the table of the last run; it is the first that the listener gets
     * @param listener gets each newest table, on the follower's thread; intermediate ones may be left out
     */
    public StateFollower(
            ZooKeeperClient client,
            Optional<TableFile.Loaded> initial,
            Consumer<State> listener,
            PrometheusRegistry registry,
            ProblemBoard problems) {
        this.client = client;
        this.settings = client.settings();
        this.reader = new TableReader(client);
        this.layout = new StoreLayout(client);
        this.listener = listener;
        this.staleness = new Staleness(problems, PATIENCE);
        this.served = ServedTable.initially(initial);
        Duration age = initial.map(loaded -> Duration.between(loaded.saved(), Instant.now()))
                .filter(since -> !since.isNegative())
                .orElse(Duration.ZERO);
        this.lastCurrentNanos = System.nanoTime() - age.toNanos();
        this.metrics = new FollowerMetrics(registry, this);
        this.catchUp = new CatchUp(
                reader,
                metrics,
                settings.reloadJitter(),
                jitter -> {
                    following = false;
                    loop.pause(jitter);
                },
                step -> steps.accept(step));
    }

    /**
     * Sets who is told of each step of the table, none left out, on the follower's thread; it hears of the table of the
     * last run at once. Only before {@link #start}.
     */
    public void onStep(Consumer<TableStep> newSteps) {
        steps = newSteps;
        if (served.cluster() != null) {
            steps.accept(new TableStep(current(), Optional.empty(), System.currentTimeMillis() - age().toMillis()));
        }
    }

    /**
     * Lets the first table that ZooKeeper has replace the one of the last run, whatever it is: for a process that serves
     * nothing, and keeps that table only to know what changed since. Only before {@link #start}.
     */
    public void acceptFirst() {
        acceptsFirst = true;
    }

    /** Begins to follow; the client may be started before or after. */
    public void start() {
        client.onConnectionChange(() -> {
            metaDue = true;
            following = false;
            loop.poke();
        });
        loop.start();
    }

    private void changed(WatchedEvent event) {
        // Changes of the connection come to every watcher too; the client's own listener has poked already.
        if (event.getType() != Watcher.Event.EventType.None) {
            loop.poke();
        }
    }

    /** The table to serve: the newest known. */
    public State current() {
        return served.state();
    }

    /** The cluster whose table is served; empty before any was seen. */
    public Optional<String> clusterId() {
        return Optional.ofNullable(served.cluster());
    }

    /** Whether ZooKeeper may have a newer table. */
    public boolean stale() {
        return !following || !client.connected();
    }

    /** How long ago the table was last known to be the newest; zero while it is. */
    public Duration age() {
        return stale() ? Duration.ofNanos(Math.max(0, System.nanoTime() - lastCurrentNanos)) : Duration.ZERO;
    }

    /** Times that the table's hash was not the writer's. */
    public long divergences() {
        return metrics.divergences();
    }

    /** Saves the table that is served; does nothing before any was seen. */
    public void save(TableFile file) throws IOException {
        ServedTable now = served;
        if (now.cluster() != null) {
            file.save(now.state(), now.cluster());
        }
    }

    FollowerMetrics metrics() {
        return metrics;
    }

    private Duration step(boolean poked) {
        if (!poked) {
            metaDue = true;
        }
        try {
            deliver();
            follow();
            backoff.reset();
            return following ? PokedLoop.jittered(settings.pollInterval()) : PATIENCE;
        } catch (StoreException e) {
            if (!loop.closed() && client.connected()) {
                log.warn("cannot read the table; serving {}: {}", current(), e.getMessage());
                staleness.because("cannot read the table: " + e.getMessage(), current());
            }
        } catch (RuntimeException | Error e) {
            // The top of the thread: whatever a listener or a record did, the node goes on serving.
            log.error("following the table failed; serving {}", current(), e);
        }
        following = false;
        metaDue = true;
        return backoff.next();
    }

    /** One look at ZooKeeper, and whatever follows from it. */
    private void follow() throws StoreException {
        if (!client.connected()) {
            refuse("no connection to ZooKeeper " + settings.connect());
            return;
        }
        Optional<Meta> now = currentMeta();
        if (now.isEmpty()) {
            if (layout.exists(watcher)) {
                loop.poke();
            }
            refuse("ZooKeeper holds no table at " + settings.path());
            return;
        }
        Optional<Head> head = reader.head(watcher);
        if (head.isEmpty()) {
            refuse("ZooKeeper's table at " + settings.path() + " has no head");
            return;
        }
        Optional<String> objection = settings.acceptCluster() || acceptsFirst
                ? Optional.empty()
                : Reluctance.objection(served, now.get(), head.get());
        if (objection.isPresent()) {
            refuse(objection.get());
            return;
        }
        boolean news = following && head.get().seq() > current().seq();
        adopt(now.get(), catchUp.newest(served, now.get(), head.get()));
        if (news) {
            metrics.arrived(System.currentTimeMillis() - head.get().writtenMillis());
        }
    }

    /** Read again after each change of the connection and at each poll: another ensemble may be there. */
    private Optional<Meta> currentMeta() throws StoreException {
        if (metaDue || meta == null) {
            metaDue = false;
            meta = layout.meta().orElse(null);
        }
        return Optional.ofNullable(meta);
    }

    private void adopt(Meta now, State state) {
        boolean first = !served.isOf(now);
        if (first || !following) {
            log.info("following the table of cluster {}: {}", now.cluster(), state);
        }
        if (first || state != served.state()) {
            served = new ServedTable(state, now.cluster());
        }
        lastCurrentNanos = System.nanoTime();
        following = true;
        acceptsFirst = false;
        staleness.over();
        deliver();
    }

    private void refuse(String reason) {
        following = false;
        staleness.because(reason, current());
    }

    private void deliver() {
        State state = current();
        if (state != delivered && served.cluster() != null) {
            listener.accept(state);
            delivered = state;
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
