package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.StoreException;
import directory.thisdcos.l4lb.store.ZooKeeperClient;
import directory.thisdcos.l4lb.store.ZooKeeperSettings;
import directory.thisdcos.l4lb.store.embedded.EmbeddedZooKeeper;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ZooKeeper that holds the table: one in this process, which starts in the background, or somebody else's. */
final class ZooKeeperPart implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ZooKeeperPart.class);

    /**
     * With the server in this process nothing but a pause of the process loses a session, and after a kill the next
     * start writes nothing before the dead session is over.
     */
    private static final Duration EMBEDDED_SESSION = Duration.ofSeconds(3);

    private final Ensemble ensemble;
    private final Optional<CompletableFuture<EmbeddedZooKeeper>> embedded;

    private ZooKeeperPart(Ensemble ensemble, Optional<CompletableFuture<EmbeddedZooKeeper>> embedded) {
        this.ensemble = ensemble;
        this.embedded = embedded;
    }

    static ZooKeeperPart begin(Ensemble ensemble, DataFolder data, ProblemBoard problems) {
        if (!(ensemble instanceof Ensemble.Embedded own)) {
            return new ZooKeeperPart(ensemble, Optional.empty());
        }
        return new ZooKeeperPart(ensemble, Optional.of(CompletableFuture.supplyAsync(() -> {
            EmbeddedZooKeeper server = new EmbeddedZooKeeper(data.zookeeper(), own.listen(), problems);
            try {
                server.start();
            } catch (StoreException e) {
                throw new CompletionException(e);
            }
            return server;
        })));
    }

    /** Waits for the embedded server, and says where ZooKeeper is: {@code host:port,…}. */
    String connect() throws StartException {
        if (ensemble instanceof Ensemble.Existing existing) {
            return existing.connect();
        }
        try {
            return embedded.orElseThrow().join().connectString();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartException("embedded ZooKeeper: " + cause.getMessage(), cause);
        }
    }

    ZooKeeperClient client(boolean acceptCluster, PrometheusRegistry registry) throws StartException {
        try {
            ZooKeeperSettings settings =
                    ZooKeeperSettings.of(connect()).withRoot(ensemble.root()).withAcceptCluster(acceptCluster);
            if (ensemble instanceof Ensemble.Existing existing) {
                settings = settings.withAccess(existing.access())
                        .withTimeouts(existing.session().orElse(settings.sessionTimeout()), settings.requestTimeout());
            } else {
                settings = settings.withTimeouts(EMBEDDED_SESSION, settings.requestTimeout());
            }
            return new ZooKeeperClient(settings, registry);
        } catch (IllegalArgumentException e) {
            throw new StartException("--zookeeper, --zookeeper-root: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        embedded.ifPresent(future -> {
            try {
                future.join().close();
            } catch (CompletionException e) {
                log.debug("the embedded ZooKeeper never started", e);
            }
        });
    }
}
