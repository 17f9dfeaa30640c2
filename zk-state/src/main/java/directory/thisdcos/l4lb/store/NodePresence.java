package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.codec.NodeStatusJson;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thing that a node writes: an ephemeral znode with its status, which goes with its session. News is written
 * within a second; that the table moved on waits for the next interval, since ten thousand nodes that each repeated every
 * batch would be more work for ZooKeeper than the table itself. Runs on its own thread, {@code node-presence}.
 */
public final class NodePresence implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodePresence.class);

    private static final String REPORTER = "node-presence";

    /** How often the status is compared with the one that was written; this costs no request. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final ZooKeeperClient client;
    private final Znodes znodes;
    private final String path;
    private final Supplier<NodeStatus> status;
    private final ProblemBoard problems;
    private final Duration interval;
    private final PokedLoop loop = new PokedLoop("node-presence", poked -> step());
    private final Backoff backoff = new Backoff();
    private volatile boolean connectionChanged = true;

    // Only the loop's thread touches these.
    private @Nullable NodeStatus written;
    private long writtenBy;
    private long dueNanos;

    /**
     * @param id the node's name; another live node with the same one is a problem of the one that came first
     * @param status asked each second, on the loop's thread
     * @param interval between two looks at the znode without news, jittered by a quarter
     */
    public NodePresence(
            ZooKeeperClient client, String id, Supplier<NodeStatus> status, Duration interval, ProblemBoard problems) {
        NodeStatus.requireId(id);
        this.client = client;
        this.znodes = client.znodes();
        this.path = client.paths().node(id);
        this.status = status;
        this.interval = interval;
        this.problems = problems;
    }

    public void start() {
        client.onConnectionChange(() -> {
            connectionChanged = true;
            loop.poke();
        });
        loop.start();
    }

    /** Says that the status has news that should not wait for the next look. */
    public void changed() {
        loop.poke();
    }

    private Duration step() {
        try {
            if (client.connected()) {
                writeIfDue(status.get());
            }
            backoff.reset();
            return LOOK;
        } catch (RequestFailedException e) {
            connectionChanged = true;
            if (e.is(Code.NONODE)) {
                log.debug("nobody has made {} yet", path);
            } else if (!loop.closed() && !e.outcomeUnknown()) {
                report("cannot register this node: " + e.getMessage());
            }
        } catch (StoreException | IOException | RuntimeException e) {
            // The top of the thread: whatever the status or ZooKeeper did, the node goes on.
            connectionChanged = true;
            if (!loop.closed()) {
                report("cannot register this node: " + e);
            }
        }
        return backoff.next();
    }

    private void writeIfDue(NodeStatus now) throws StoreException, IOException {
        NodeStatus before = written;
        boolean due = System.nanoTime() - dueNanos >= 0;
        if (before != null && !connectionChanged && !due && !now.isNews(before)) {
            return;
        }
        connectionChanged = false;
        if (write(now)) {
            written = now;
        }
        dueNanos = System.nanoTime() + PokedLoop.jittered(interval).toNanos();
    }

    private boolean write(NodeStatus now) throws StoreException, IOException {
        byte[] bytes = NodeStatusJson.encode(now);
        long session = znodes.sessionId();
        Optional<Znode> found = znodes.read(path);
        if (found.isEmpty()) {
            znodes.multi("register this node", List.of(create(bytes)));
        } else if (found.get().owner() == session) {
            if (!now.equals(written)) {
                znodes.multi(
                        "update this node",
                        List.of(Op.setData(path, bytes, found.get().version())));
            }
        } else if (writtenBy == session) {
            report("another process registered as this node; give each its own --node-id");
            return false;
        } else {
            // Left by this node's last session; it would go by itself, but only with that session.
            znodes.multi(
                    "register this node anew",
                    List.of(Op.delete(path, found.get().version()), create(bytes)));
        }
        writtenBy = session;
        problems.report(REPORTER, List.of());
        return true;
    }

    private Op create(byte[] bytes) {
        return Op.create(path, bytes, client.accessLists().table(), CreateMode.EPHEMERAL);
    }

    private void report(String message) {
        problems.report(REPORTER, List.of(new Problem("node-presence", path, message)));
    }

    @Override
    public void close() {
        loop.close();
    }
}
