package directory.thisdcos.l4lb.store;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.curator.ensemble.fixed.FixedEnsembleProvider;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.SessionConnectionStateErrorPolicy;
import org.apache.curator.retry.BoundedExponentialBackoffRetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session with ZooKeeper, and the only place that knows how it is made. Connects in the background from {@link
 * #start} on, for ever; whoever uses it copes with its absence.
 */
public final class ZooKeeperClient implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ZooKeeperClient.class);

    private static final int CONNECTION_TIMEOUT_MILLIS = 10_000;
    private static final int RETRY_BASE_MILLIS = 200;
    private static final int RETRY_MAX_MILLIS = 5_000;

    /** Curator's own cap on retries (ExponentialBackoffRetry.MAX_RETRIES_LIMIT). */
    private static final int RETRIES = 29;

    /** SIGTERM is to end the program within 2 s, also when ZooKeeper does not answer. */
    private static final int CLOSE_WAIT_MILLIS = 300;

    private static final long CLOSE_LIMIT_MILLIS = 700;

    private final ZooKeeperSettings settings;
    private final StorePaths paths;
    private final ExecutorService runSafe;
    private final CuratorFramework curator;
    private final Znodes znodes;
    private final AccessLists accessLists;
    private final List<Runnable> connectionListeners = new CopyOnWriteArrayList<>();
    private volatile boolean connected;
    private boolean started;

    public ZooKeeperClient(ZooKeeperSettings settings, PrometheusRegistry registry) {
        this.settings = settings;
        this.paths = new StorePaths(settings.path());
        this.accessLists = new AccessLists(settings.access());
        // Curator 5.9.0 leaks a thread for each closed client unless it is given an executor (apache/curator GH-1277).
        this.runSafe = Executors.newSingleThreadExecutor(task -> daemon(task, "zookeeper-notify"));
        this.curator = CuratorFrameworkFactory.builder()
                // Both, or Curator leaves the given servers (observers) for every member that the ensemble names.
                .ensembleTracker(false)
                .ensembleProvider(new FixedEnsembleProvider(settings.servers(), false))
                .sessionTimeoutMs((int) settings.sessionTimeout().toMillis())
                .connectionTimeoutMs(CONNECTION_TIMEOUT_MILLIS)
                .retryPolicy(new BoundedExponentialBackoffRetry(RETRY_BASE_MILLIS, RETRY_MAX_MILLIS, RETRIES))
                // Leadership outlives a short loss of the connection; the fenced head keeps that safe.
                .connectionStateErrorPolicy(new SessionConnectionStateErrorPolicy())
                .zkClientConfig(ClientConfiguration.of(settings))
                .aclProvider(accessLists)
                .authorization(ClientConfiguration.authorization(settings.access()))
                .runSafeService(runSafe)
                .maxCloseWaitMs(CLOSE_WAIT_MILLIS)
                .build();
        this.znodes = new Znodes(curator, settings.requestTimeout());
        GaugeWithCallback.builder()
                .name("l4lb_zookeeper_connected")
                .help("1 while there is a connection to ZooKeeper")
                .callback(gauge -> gauge.call(connected ? 1 : 0))
                .register(registry);
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Begins to connect; a second call does nothing. */
    public synchronized void start() {
        if (started) {
            return;
        }
        started = true;
        curator.getConnectionStateListenable().addListener((client, state) -> connectionChanged(state));
        curator.getUnhandledErrorListenable()
                .addListener((message, failure) -> log.warn("ZooKeeper client: {}: {}", message, failure.toString()));
        curator.start();
    }

    private void connectionChanged(ConnectionState state) {
        connected = state.isConnected();
        switch (state) {
            case CONNECTED, RECONNECTED -> log.info("connected to ZooKeeper {}", settings.connect());
            case SUSPENDED -> log.warn("lost the connection to ZooKeeper {}; connecting anew", settings.connect());
            case LOST -> log.warn("the session with ZooKeeper {} is over; connecting anew", settings.connect());
            case READ_ONLY -> log.warn("ZooKeeper {} is read-only", settings.connect());
        }
        // Curator drops state changes when listeners are slow, so these only poke their own threads.
        connectionListeners.forEach(Runnable::run);
    }

    /** Whether there is a connection now. */
    public boolean connected() {
        return connected;
    }

    /** Waits for a connection; whether there is one. */
    boolean awaitConnected(Duration limit) throws InterruptedException {
        return curator.blockUntilConnected((int) Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
    }

    /** Waits for a connection as long as for a request; fails without one. */
    void requireConnection() throws StoreException {
        try {
            if (!awaitConnected(settings.requestTimeout())) {
                throw new StoreException("no connection to ZooKeeper " + settings.connect());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while waiting for ZooKeeper", e);
        }
    }

    /** Adds something quick to do whenever the connection comes or goes. */
    void onConnectionChange(Runnable poke) {
        connectionListeners.add(poke);
    }

    ZooKeeperSettings settings() {
        return settings;
    }

    StorePaths paths() {
        return paths;
    }

    Znodes znodes() {
        return znodes;
    }

    AccessLists accessLists() {
        return accessLists;
    }

    CuratorFramework curator() {
        return curator;
    }

    @Override
    public synchronized void close() {
        if (started) {
            closeSession();
        }
        runSafe.shutdownNow();
        connected = false;
    }

    /** Without a server, ZooKeeper's close waits for the pause before its next try to connect, up to a second. */
    private void closeSession() {
        Thread closing = daemon(curator::close, "zookeeper-close");
        closing.start();
        try {
            closing.join(CLOSE_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
