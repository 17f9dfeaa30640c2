package directory.thisdcos.l4lb.store.embedded;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.StoreException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.server.embedded.ExitHandler;
import org.apache.zookeeper.server.embedded.ZooKeeperServerEmbedded;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ZooKeeper server in this process. Its data outlives it. ZooKeeper's settings are partly static, so there is one
 * configuration per process.
 *
 * <p>ZooKeeper's own start reports trouble only by not ending, and its close can then hang; so whatever can be wrong is
 * looked at before.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedZooKeeper.class);

    private static final long START_TIMEOUT_MILLIS = 60_000;

    private final Path dataDir;
    private final Endpoint listen;
    private final Revival revival;
    private volatile @Nullable ZooKeeperServerEmbedded server;

    /**
     * @param listen port 0 takes a free one
     * @param problems learns why the server stopped, when it did so by itself
     */
    public EmbeddedZooKeeper(Path dataDir, Endpoint listen, ProblemBoard problems) {
        this.dataDir = dataDir.toAbsolutePath();
        this.listen = listen;
        this.revival = new Revival(this.dataDir, problems);
    }

    /** Starts and waits until clients can connect; from then on a server that stops by itself is started again. */
    public void start() throws StoreException {
        startAt(listen);
        Endpoint bound = Endpoint.parse(connectString());
        revival.watch(() -> {
            closeServer();
            startAt(bound);
        });
        log.info("embedded ZooKeeper at {}, data in {}: a single server, without failover", bound, dataDir);
    }

    private void startAt(Endpoint address) throws StoreException {
        prepareFolder();
        probePort(address);
        try {
            ZooKeeperServerEmbedded starting = ZooKeeperServerEmbedded.builder()
                    .baseDir(dataDir)
                    .configuration(configuration(address))
                    // The default ends the process from within ZooKeeper.
                    .exitHandler(ExitHandler.LOG_ONLY)
                    .build();
            checkData();
            starting.start(START_TIMEOUT_MILLIS);
            server = starting;
        } catch (StoreException e) {
            throw e;
        } catch (TimeoutException e) {
            throw new StoreException(
                    "the embedded ZooKeeper in " + dataDir + " did not start within " + START_TIMEOUT_MILLIS
                            + " ms; the log says why",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while the embedded ZooKeeper started", e);
        } catch (Exception e) {
            // ZooKeeper declares Exception.
            throw new StoreException("the embedded ZooKeeper in " + dataDir + " did not start: " + e.getMessage(), e);
        }
    }

    private void prepareFolder() throws StoreException {
        try {
            Files.createDirectories(dataDir);
            // Each start of ZooKeeper's leaves one behind; creating ours shows as well that the folder is writable.
            try (DirectoryStream<Path> leftovers =
                    Files.newDirectoryStream(dataDir, "zookeeper.configuration*.properties")) {
                for (Path leftover : leftovers) {
                    Files.delete(leftover);
                }
            }
            Files.delete(Files.createTempFile(dataDir, "zookeeper.configuration", ".properties"));
        } catch (IOException e) {
            throw new StoreException("the ZooKeeper data folder " + dataDir + " is not writable: " + e, e);
        }
    }

    private static void probePort(Endpoint listen) throws StoreException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(listen.ip().toInetAddress(), listen.port()));
        } catch (IOException e) {
            throw new StoreException(
                    "cannot listen on " + listen + " for the embedded ZooKeeper (" + e.getMessage()
                            + "); is another instance running?",
                    e);
        }
    }

    /** Loads what is there once, as a damaged log would only be an entry in the log of a server that never starts. */
    private void checkData() throws StoreException {
        if (!Files.isDirectory(dataDir.resolve("version-2"))) {
            return;
        }
        try {
            FileTxnSnapLog files = new FileTxnSnapLog(dataDir.toFile(), dataDir.toFile());
            try {
                new ZKDatabase(files).loadDataBase();
            } finally {
                files.close();
            }
        } catch (IOException e) {
            throw new StoreException(
                    "the ZooKeeper data in " + dataDir + " is damaged (" + e.getMessage()
                            + "); restore it from a copy, or move its folder version-2 away to begin with an empty table",
                    e);
        }
    }

    private Properties configuration(Endpoint address) {
        Properties properties = new Properties();
        properties.setProperty("dataDir", dataDir.toString());
        properties.setProperty("dataLogDir", dataDir.toString());
        // Sessions may be as short as two ticks, in milliseconds.
        properties.setProperty("tickTime", "1000");
        properties.setProperty("clientPort", Integer.toString(address.port()));
        properties.setProperty("clientPortAddress", listen.ip().toString());
        properties.setProperty("maxClientCnxns", "0");
        properties.setProperty("admin.enableServer", "false");
        properties.setProperty("4lw.commands.whitelist", "");
        properties.setProperty("autopurge.snapRetainCount", "3");
        properties.setProperty("autopurge.purgeInterval", "1");
        // KiB; the default of 64 MiB for each log file is for disks of another age.
        properties.setProperty("preAllocSize", "4096");
        return properties;
    }

    /** Where clients of this machine connect; only after {@link #start}. */
    public String connectString() {
        ZooKeeperServerEmbedded running = server;
        if (running == null) {
            throw new IllegalStateException("the embedded ZooKeeper is not started");
        }
        return new Endpoint(listen.ip(), running.getClientPort()).toString();
    }

    @Override
    public void close() {
        revival.close();
        closeServer();
    }

    private void closeServer() {
        ZooKeeperServerEmbedded running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }
}
