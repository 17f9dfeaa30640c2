package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.store.codec.NodeStatusJson;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few nodes that this one looks after. It leaves no watch: with ten thousand nodes each arrival would be told to all
 * of them, while it concerns a handful. It reads the list and its neighbours' znodes at the start, after a reconnect,
 * when somebody doubts what is known, and otherwise every {@link #REFRESH}. Runs on its own thread, {@code
 * node-neighbours}.
 */
public final class NodeNeighbours implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeNeighbours.class);

    /** Between two looks without a reason: with 10,000 nodes 11 lists and 44 small reads a second, over all servers. */
    static final Duration REFRESH = Duration.ofMinutes(15);

    private static final Duration RETRY = Duration.ofSeconds(3);

    /** Doubts may come as fast as probes fail; a look that found nothing new makes the next wait longer. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    private static final Duration LAST_PAUSE = Duration.ofSeconds(60);

    private final ZooKeeperClient client;
    private final Znodes znodes;
    private final String id;
    private final int count;
    private final Consumer<List<NodeStatus>> listener;
    private final PokedLoop loop = new PokedLoop("node-neighbours", poked -> step());
    private final Backoff backoff = new Backoff();
    private volatile boolean reconnected = true;
    private volatile boolean doubted;

    // Only the loop's thread touches these.
    private List<NodeStatus> known = List.of();
    private Duration pause = FIRST_PAUSE;
    private long lookedNanos = System.nanoTime();
    private Duration refresh = REFRESH;
    private boolean registered;

    /**
     * @param id of this node
     * @param count of neighbours
     * @param listener gets them whenever they were read, on the loop's thread; fewer than {@code count} in a small
     *     cluster, none while this node is alone
     */
    public NodeNeighbours(ZooKeeperClient client, String id, int count, Consumer<List<NodeStatus>> listener) {
        NodeStatus.requireId(id);
        this.client = client;
        this.znodes = client.znodes();
        this.id = id;
        this.count = count;
        this.listener = listener;
    }

    public void start() {
        client.onConnectionChange(() -> {
            reconnected = true;
            loop.poke();
        });
        loop.start();
    }

    /** Says that what is known may be old; quick, from any thread, as often as one likes. */
    public void doubt() {
        if (!doubted) {
            doubted = true;
            loop.poke();
        }
    }

    private Duration step() {
        if (!client.connected()) {
            return RETRY;
        }
        if (reconnected && !known.isEmpty()) {
            // All nodes get here together, and each list is long.
            reconnected = false;
            doubted = true;
            pause = PokedLoop.jittered(LAST_PAUSE.dividedBy(2));
        }
        Duration wait = untilDue();
        if (!wait.isZero()) {
            return wait;
        }
        try {
            look();
            backoff.reset();
            return untilDue();
        } catch (StoreException e) {
            log.debug("cannot read which nodes are next to this one: {}", e.getMessage());
        } catch (RuntimeException e) {
            // The top of the thread: a listener's failure must not end it.
            log.error("reading this node's neighbours failed", e);
        }
        doubted = true;
        return backoff.next();
    }

    private Duration untilDue() {
        if (reconnected) {
            return Duration.ZERO;
        }
        Duration since = Duration.ofNanos(System.nanoTime() - lookedNanos);
        Duration left = (doubted ? pause : refresh).minus(since);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void look() throws StoreException {
        boolean wasDoubted = doubted;
        reconnected = false;
        doubted = false;
        List<NodeStatus> found = read();
        lookedNanos = System.nanoTime();
        // Of two nodes the one that registers later sees the other, and tells it by looking at it: so a node that does
        // not see itself yet looks again, and one that does can wait.
        refresh = PokedLoop.jittered(registered ? REFRESH : RETRY);
        boolean isNews = !sameProbes(found);
        pause = isNews || !wasDoubted ? FIRST_PAUSE : longer(pause);
        known = found;
        listener.accept(found);
    }

    private boolean sameProbes(List<NodeStatus> found) {
        return probes(found).equals(probes(known));
    }

    private static List<String> probes(List<NodeStatus> nodes) {
        return nodes.stream().map(node -> node.id() + node.probe()).toList();
    }

    private static Duration longer(Duration pause) {
        Duration doubled = PokedLoop.jittered(pause.multipliedBy(2));
        return doubled.compareTo(LAST_PAUSE) < 0 ? doubled : LAST_PAUSE;
    }

    private List<NodeStatus> read() throws StoreException {
        List<String> ids = znodes.children(client.paths().nodes());
        registered = ids.contains(id);
        List<String> ring = NodeRing.neighbours(id, ids, count);
        List<Optional<Znode>> read =
                znodes.readAll(ring.stream().map(client.paths()::node).toList());
        List<NodeStatus> nodes = new ArrayList<>();
        for (Optional<Znode> znode : read) {
            if (znode.isPresent()) {
                try {
                    nodes.add(NodeStatusJson.decode(znode.get().data()));
                } catch (IOException e) {
                    log.debug("a neighbour wrote what cannot be read: {}", e.getMessage());
                }
            }
        }
        return nodes;
    }

    @Override
    public void close() {
        loop.close();
    }
}
