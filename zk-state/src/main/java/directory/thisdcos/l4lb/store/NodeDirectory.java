package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.store.codec.NodeStatusJson;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every node that is registered now, as the allocator sees it: one watch on the list, one on each node, so that what a
 * node says or that its session ended is known at once. While ZooKeeper is away, the last known stays. Runs on its own
 * thread, {@code node-directory}.
 */
public final class NodeDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeDirectory.class);

    private static final Duration RETRY = Duration.ofSeconds(3);

    private final ZooKeeperClient client;
    private final Znodes znodes;
    private final StorePaths paths;
    private final Consumer<SortedMap<String, NodeStatus>> listener;
    private final PokedLoop loop = new PokedLoop("node-directory", this::step);
    private final Watcher watcher = this::changed;
    private final Backoff backoff = new Backoff();

    /** Ids whose znode changed since it was read. */
    private final Set<String> dirty = ConcurrentHashMap.newKeySet();

    private volatile boolean everythingDue = true;
    private volatile SortedMap<String, NodeStatus> nodes = Collections.emptySortedMap();
    private volatile boolean current;

    /** @param listener gets each newest view, by id, on the directory's thread */
    public NodeDirectory(
            ZooKeeperClient client, Consumer<SortedMap<String, NodeStatus>> listener, PrometheusRegistry registry) {
        this.client = client;
        this.znodes = client.znodes();
        this.paths = client.paths();
        this.listener = listener;
        GaugeWithCallback.builder()
                .name("l4lb_nodes")
                .help("Nodes that are registered, by whether their table may be old")
                .labelNames("stale")
                .callback(gauge -> {
                    long stale = nodes.values().stream()
                            .filter(node -> node.table().stale())
                            .count();
                    gauge.call((double) stale, "true");
                    gauge.call((double) (nodes.size() - stale), "false");
                })
                .register(registry);
    }

    public void start() {
        client.onConnectionChange(() -> {
            everythingDue = true;
            current = false;
            loop.poke();
        });
        loop.start();
    }

    /** By id; never changes. */
    public SortedMap<String, NodeStatus> nodes() {
        return nodes;
    }

    /** Whether nobody can have come or gone unnoticed; false while ZooKeeper is away. */
    public boolean current() {
        return current;
    }

    private void changed(WatchedEvent event) {
        if (event.getType() == Watcher.Event.EventType.None) {
            return;
        }
        // A node that was deleted may be there again by now, with another session: it is read anew all the same.
        if (event.getPath().length() > paths.nodes().length()) {
            dirty.add(event.getPath().substring(paths.nodes().length() + 1));
        }
        loop.poke();
    }

    private Duration step(boolean poked) {
        try {
            if (!client.connected()) {
                return RETRY;
            }
            if (!poked) {
                everythingDue = true;
            }
            boolean there = refresh();
            backoff.reset();
            return there ? PokedLoop.jittered(client.settings().pollInterval()) : RETRY;
        } catch (StoreException e) {
            if (!loop.closed() && client.connected()) {
                log.warn("cannot read which nodes are there: {}", e.getMessage());
            }
        } catch (RuntimeException e) {
            // The top of the thread: a listener's failure must not end it.
            log.error("following the nodes failed", e);
        }
        everythingDue = true;
        current = false;
        return backoff.next();
    }

    /** @return false while the table has not been created */
    private boolean refresh() throws StoreException {
        boolean all = everythingDue;
        everythingDue = false;
        Set<String> changed = new TreeSet<>(dirty);
        dirty.removeAll(changed);
        Optional<List<String>> ids = znodes.children(paths.nodes(), watcher);
        if (ids.isEmpty()) {
            everythingDue = true;
            return false;
        }
        SortedMap<String, NodeStatus> before = nodes;
        Set<String> present = new TreeSet<>(ids.get());
        List<String> toRead = present.stream()
                .filter(id -> all || changed.contains(id) || !before.containsKey(id))
                .toList();
        List<Optional<Znode>> read =
                znodes.readAll(toRead.stream().map(paths::node).toList(), watcher);
        SortedMap<String, NodeStatus> next = new TreeMap<>(before);
        next.keySet().retainAll(present);
        for (int i = 0; i < toRead.size(); i++) {
            String id = toRead.get(i);
            read.get(i)
                    .flatMap(znode -> decode(id, znode))
                    .ifPresentOrElse(status -> next.put(id, status), () -> next.remove(id));
        }
        current = true;
        if (!next.equals(before)) {
            nodes = Collections.unmodifiableSortedMap(next);
            listener.accept(nodes);
        }
        return true;
    }

    /** A node that writes nonsense, or that speaks a newer release's language, must not hide the others. */
    private static Optional<NodeStatus> decode(String id, Znode znode) {
        try {
            NodeStatus status = NodeStatusJson.decode(znode.data());
            if (status.id().equals(id)) {
                return Optional.of(status);
            }
            log.warn("the node {} calls itself {}", id, status.id());
        } catch (IOException e) {
            log.warn("the node {} wrote what cannot be read: {}", id, e.getMessage());
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        loop.close();
    }
}
