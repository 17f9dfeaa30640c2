package directory.thisdcos.l4lb.source.mesos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ServerGroup;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.curator.ensemble.fixed.FixedEnsembleProvider;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader as the masters elect it in ZooKeeper: of the znodes {@code json.info_NNNNNNNNNN} the lowest number leads,
 * and holds where it is (Mesos, src/zookeeper/group.cpp). A lost ZooKeeper changes nothing: the leader that is known may
 * well be there still.
 */
public final class ZooKeeperMasters implements Masters {
    private static final Logger log = LoggerFactory.getLogger(ZooKeeperMasters.class);

    private static final String PREFIX = "json.info_";
    private static final int SESSION_MILLIS = 10_000;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int RETRY_MILLIS = 1_000;
    /** Watches tell of changes at once; this mends a lost one. */
    private static final int LOOK_SECONDS = 2;

    private static final int CLOSE_MILLIS = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ZooKeeperUrl url;
    private final HttpTransport transport;
    private final Authorization authorization;
    private final CuratorFramework curator;
    private final ScheduledExecutorService looking;
    private final CuratorWatcher watcher = event -> look();
    private volatile Optional<ServerUrl> leader = Optional.empty();
    private volatile Optional<ServerGroup> group = Optional.empty();
    private volatile String trouble = "it has not answered yet";
    private volatile Runnable changed = () -> {};

    public ZooKeeperMasters(ZooKeeperUrl url, HttpTransport transport, Authorization authorization) {
        this.url = url;
        this.transport = transport;
        this.authorization = authorization;
        // The one thread that looks; Curator notifies there too, so that looks never overlap.
        this.looking = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "mesos-zookeeper");
            thread.setDaemon(true);
            return thread;
        });
        CuratorFrameworkFactory.Builder builder = CuratorFrameworkFactory.builder()
                .ensembleTracker(false)
                .ensembleProvider(new FixedEnsembleProvider(url.connect(), false))
                .sessionTimeoutMs(SESSION_MILLIS)
                .connectionTimeoutMs(CONNECT_MILLIS)
                .retryPolicy(new RetryOneTime(RETRY_MILLIS))
                .runSafeService(looking)
                .maxCloseWaitMs(CLOSE_MILLIS);
        url.digest().ifPresent(login -> builder.authorization("digest", login.getBytes(StandardCharsets.UTF_8)));
        this.curator = builder.build();
    }

    @Override
    public void start(Runnable onChange) {
        changed = onChange;
        curator.getConnectionStateListenable().addListener((client, state) -> {
            if (state.isConnected()) {
                look();
            }
        });
        curator.start();
        var unused = looking.scheduleWithFixedDelay(this::lookNow, 0, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            looking.execute(this::lookNow);
        } catch (RejectedExecutionException e) {
            log.debug("{} is closed", url);
        }
    }

    private void lookNow() {
        try {
            List<String> children = curator.getChildren().usingWatcher(watcher).forPath(url.path());
            Optional<String> first =
                    children.stream().filter(name -> name.startsWith(PREFIX)).min(Comparator.naturalOrder());
            if (first.isEmpty()) {
                trouble = "no master leads: " + url.path() + " has no " + PREFIX + "*";
            } else {
                found(curator.getData().forPath(url.path() + "/" + first.get()));
            }
        } catch (KeeperException.NoNodeException e) {
            // The leader went away between the two requests, or the masters have not made their group yet.
            trouble = "no master leads: " + e.getPath() + " does not exist";
        } catch (KeeperException.NoAuthException e) {
            trouble = "it does not let us read " + url.path() + "; write zk://USER:PASSWORD@HOST:PORT/PATH";
        } catch (KeeperException.ConnectionLossException e) {
            trouble = "no connection to it";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // Curator declares Exception; whatever it is, the source's health shows it.
            trouble = String.valueOf(e.getMessage());
        }
    }

    private void found(byte[] octets) {
        Optional<ServerUrl> now = server(octets);
        if (now.isEmpty()) {
            trouble = "the leader's record does not say where it is";
        } else if (!now.equals(leader)) {
            log.info("{}: the leading master is {}", url, now.get());
            leader = now;
            group = Optional.of(new ServerGroup(transport, List.of(now.get()), authorization));
            changed.run();
        }
    }

    /** Out of a {@code MasterInfo} (mesos.proto). By its address, so that no resolver is needed; TLS wants its name. */
    private Optional<ServerUrl> server(byte[] octets) {
        try {
            JsonNode info = JSON.readTree(octets);
            JsonNode address = info.path("address");
            String name = address.path("hostname").asText(info.path("hostname").asText(""));
            int port = address.path("port").asInt(info.path("port").asInt(0));
            Optional<String> host = Optional.of(name).filter(text -> !text.isEmpty());
            Optional<Ip> ip = Ip.parse(address.path("ip").asText(""));
            if (ip.isEmpty()) {
                Optional<Endpoint> pid =
                        MesosAgent.endpointOfPid(info.path("pid").asText(""));
                ip = pid.map(Endpoint::ip);
                port = pid.map(Endpoint::port).orElse(port);
            }
            Optional<String> literal = ip.map(known -> known.isV4() ? known.toString() : "[" + known + "]");
            Optional<String> chosen = url.tls() ? host.or(() -> literal) : literal.or(() -> host);
            int chosenPort = port;
            return chosen.filter(text -> chosenPort > 0)
                    .map(text -> ServerUrl.parse((url.tls() ? "https://" : "http://") + text + ":" + chosenPort));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public ServerGroup current() throws IOException {
        return group.orElseThrow(() -> new IOException(url + ": " + trouble));
    }

    @Override
    public void failed() {
        look();
    }

    @Override
    public String toString() {
        return url.toString();
    }

    @Override
    public void close() {
        changed = () -> {};
        looking.shutdownNow();
        curator.close();
    }
}
