package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Meta;
import directory.thisdcos.l4lb.store.disk.TableFile;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

    private static final long CLOSE_WAIT_MILLIS = 1_000;

    /** A connection that takes longer than this after the start is worth a line in the log. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final ZooKeeperClient client;
    private final ZooKeeperSettings settings;
    private final TableReader reader;
    private final StoreLayout layout;
    private final Consumer<State> listener;
    private final FollowerMetrics metrics;
    private final Semaphore pokes = new Semaphore(0);
    private final Watcher watcher = event -> poke();
    private final Thread thread = ZooKeeperClient.daemon(this::run, "state-follower");
    private final Reluctance reluctance = new Reluctance();

    private volatile Served served;
    private volatile boolean following;
    private volatile boolean closed;
    private volatile boolean metaDue = true;
    private volatile long startedNanos = System.nanoTime();

    /** System.nanoTime at which the table was last known to be the newest. */
    private volatile long lastCurrentNanos;

    // Only the follower's thread touches these.
    private @Nullable Meta meta;
    private @Nullable State delivered;

    /**
     * The table that is served, with the cluster that it belongs to.
     *
     * @param clusterId null before any table was seen
     */
    private record Served(State state, @Nullable String clusterId) {}

    /**
     * @param initial the table of the last run; it is the first that the listener gets
     * @param listener gets each newest table, on the follower's thread; intermediate ones may be left out
     */
    public StateFollower(
            ZooKeeperClient client,
            Optional<TableFile.Loaded> initial,
            Consumer<State> listener,
            PrometheusRegistry registry) {
        this.client = client;
        this.settings = client.settings();
        this.reader = new TableReader(client);
        this.layout = new StoreLayout(client);
        this.listener = listener;
        this.served = initial.map(loaded -> new Served(loaded.state(), loaded.clusterId()))
                .orElseGet(() -> new Served(State.EMPTY, null));
        Duration age = initial.map(loaded -> Duration.between(loaded.saved(), Instant.now()))
                .filter(since -> !since.isNegative())
                .orElse(Duration.ZERO);
        this.lastCurrentNanos = System.nanoTime() - age.toNanos();
        this.metrics = new FollowerMetrics(registry, this);
    }

    /** Begins to follow; the client may be started before or after. */
    public void start() {
        startedNanos = System.nanoTime();
        client.onConnectionChange(() -> {
            metaDue = true;
            poke();
        });
        thread.start();
    }

    /** The table to serve: the newest known. */
    public State current() {
        return served.state();
    }

    /** The cluster whose table is served; empty before any was seen. */
    public Optional<String> clusterId() {
        return Optional.ofNullable(served.clusterId());
    }

    /** Whether ZooKeeper may have a newer table. */
    public boolean stale() {
        return !following || !client.connected();
    }

    /** How long ago the table was last known to be the newest; zero while it is. */
    public Duration age() {
        return stale() ? Duration.ofNanos(Math.max(0, System.nanoTime() - lastCurrentNanos)) : Duration.ZERO;
    }

    /** Saves the table that is served; does nothing before any was seen. */
    public void save(TableFile file) throws IOException {
        Served now = served;
        if (now.clusterId() != null) {
            file.save(now.state(), now.clusterId());
        }
    }

    FollowerMetrics metrics() {
        return metrics;
    }

    private void poke() {
        pokes.release();
    }

    private void run() {
        Backoff backoff = new Backoff();
        while (!closed) {
            Duration wait;
            try {
                deliver();
                follow();
                backoff.reset();
                wait = client.connected() ? jittered(settings.pollInterval()) : PATIENCE;
            } catch (StoreException e) {
                following = false;
                metaDue = true;
                wait = backoff.next();
                if (!closed && client.connected()) {
                    log.warn("cannot read the table; serving {}: {}", current(), e.getMessage());
                }
            } catch (RuntimeException | Error e) {
                // The top of the thread: whatever a listener or a record did, the node goes on serving.
                following = false;
                metaDue = true;
                wait = backoff.next();
                log.error("following the table failed; serving {}", current(), e);
            }
            awaitPoke(wait);
        }
    }

    /** One look at ZooKeeper, and whatever follows from it. */
    private void follow() throws StoreException {
        if (!client.connected()) {
            following = false;
            if (System.nanoTime() - startedNanos > PATIENCE.toNanos()) {
                reluctance.log("no connection to ZooKeeper " + settings.connect(), current());
            }
            return;
        }
        Optional<Meta> now = currentMeta();
        if (now.isEmpty()) {
            if (layout.exists(watcher)) {
                poke();
            }
            refuse("ZooKeeper holds no table at " + settings.root());
            return;
        }
        Optional<Head> head = reader.head(watcher);
        if (head.isEmpty()) {
            refuse("ZooKeeper's table at " + settings.root() + " has no head");
            return;
        }
        Optional<String> objection = settings.acceptCluster()
                ? Optional.empty()
                : reluctance.objection(current(), served.clusterId(), now.get(), head.get());
        if (objection.isPresent()) {
            refuse(objection.get());
            return;
        }
        adopt(now.get(), newest(now.get(), head.get()));
    }

    /** Read again after each change of the connection and at each poll: another ensemble may be there. */
    private Optional<Meta> currentMeta() throws StoreException {
        if (metaDue || meta == null) {
            metaDue = false;
            meta = layout.meta().orElse(null);
        }
        return Optional.ofNullable(meta);
    }

    private State newest(Meta now, Head head) throws StoreException {
        State mine = current();
        if (!now.cluster().equals(served.clusterId())) {
            return head.seq() == 0 ? State.EMPTY : load(now, "first sight of cluster " + now.cluster());
        }
        if (head.seq() == mine.seq()
                && head.epoch() == mine.epoch()
                && head.batch().stateHash() == mine.hash()) {
            return mine;
        }
        if (head.seq() <= mine.seq()) {
            metrics.diverged();
            return load(now, "another table with the batch number " + head.seq());
        }
        try {
            return reader.catchUp(now, mine, head);
        } catch (GapException e) {
            return load(now, e.getMessage());
        } catch (DivergedException e) {
            metrics.diverged();
            return load(now, e.getMessage());
        }
    }

    private State load(Meta now, @Nullable String reason) throws StoreException {
        if (current().size() > 0) {
            following = false;
            log.warn("loading the whole table: {}", reason);
            pause(settings.reloadJitter());
        }
        metrics.reloaded();
        return reader.load(now).state();
    }

    private void adopt(Meta now, State state) {
        boolean first = !now.cluster().equals(served.clusterId());
        if (first || !following) {
            log.info("following the table of cluster {}: {}", now.cluster(), state);
        }
        if (first || state != served.state()) {
            served = new Served(state, now.cluster());
        }
        lastCurrentNanos = System.nanoTime();
        following = true;
        deliver();
    }

    private void refuse(String reason) {
        following = false;
        reluctance.log(reason, current());
    }

    private void deliver() {
        State state = current();
        if (state != delivered && served.clusterId() != null) {
            listener.accept(state);
            delivered = state;
        }
    }

    private void pause(Duration most) {
        long nanos = most.isZero() ? 0 : ThreadLocalRandom.current().nextLong(most.toNanos());
        long end = System.nanoTime() + nanos;
        while (!closed && end - System.nanoTime() > 0) {
            awaitPoke(Duration.ofNanos(end - System.nanoTime()));
        }
    }

    private static Duration jittered(Duration interval) {
        double factor = 0.75 + ThreadLocalRandom.current().nextDouble() / 2;
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }

    private void awaitPoke(Duration limit) {
        try {
            if (!closed && !pokes.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                metaDue = true;
            }
            pokes.drainPermits();
        } catch (InterruptedException e) {
            // Only close() interrupts; the loop ends by its flag.
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
