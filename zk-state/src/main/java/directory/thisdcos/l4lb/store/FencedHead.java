package directory.thisdcos.l4lb.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write, which is the version of the head: each batch is one transaction that sets the head at the expected
 * version and the batch's slot of the ring, so of two writers only one can succeed, whatever they believe. When the
 * outcome of a transaction is unknown, the head tells it: it holds exactly our bytes, or still the old version, or
 * another writer's batch. For one thread.
 */
final class FencedHead {
    private static final Logger log = LoggerFactory.getLogger(FencedHead.class);

    /** Between two looks at a ZooKeeper that does not answer. */
    private static final long RETRY_MILLIS = 100;

    private final ZooKeeperClient client;
    private final Znodes znodes;
    private final StorePaths paths;
    private final int slots;
    private int version;

    /** @param version of the head that the first batch replaces */
    FencedHead(ZooKeeperClient client, int slots, int version) {
        this.client = client;
        this.znodes = client.znodes();
        this.paths = client.paths();
        this.slots = slots;
        this.version = version;
    }

    ZooKeeperClient client() {
        return client;
    }

    /** The version that only this writer's next batch may replace. */
    int version() {
        return version;
    }

    /**
     * Makes a batch the head, and carries out more in the same transaction. The caller knows that its slot may be
     * overwritten.
     */
    void commit(long seq, byte[] bytes, List<Op> besides) throws StoreException {
        List<Op> operations = new ArrayList<>();
        operations.add(Op.setData(paths.head(), bytes, version));
        operations.add(Op.setData(paths.slot(seq, slots), bytes, -1));
        operations.addAll(besides);
        long deadline = deadline();
        while (true) {
            try {
                znodes.multi("append batch " + seq, operations);
                break;
            } catch (RequestFailedException e) {
                if (!e.outcomeUnknown() && !e.is(Code.BADVERSION)) {
                    throw e;
                }
                if (landed(bytes, deadline, e)) {
                    break;
                }
                log.info("batch {} did not arrive ({}); trying again", seq, e.getMessage());
            }
        }
        version++;
    }

    /** Whether a batch became the head; false if nobody wrote, so that the same transaction may be tried again. */
    private boolean landed(byte[] bytes, long deadline, RequestFailedException failure) throws StoreException {
        Optional<Znode> head = readHead(deadline);
        if (head.isPresent() && Arrays.equals(head.get().data(), bytes)) {
            return true;
        }
        if (head.isEmpty() || head.get().version() != version) {
            throw new FencedException("another writer holds the table: the head has version "
                    + head.map(Znode::version).orElse(-1) + " instead of " + version);
        }
        if (System.nanoTime() - deadline > 0) {
            throw failure;
        }
        return false;
    }

    private Optional<Znode> readHead(long deadline) throws StoreException {
        while (true) {
            try {
                znodes.sync(paths.head());
                return znodes.read(paths.head());
            } catch (RequestFailedException e) {
                awaitRetry(e, deadline);
            }
        }
    }

    /** Carries out operations that do no harm when they are repeated, unless another writer took over. */
    void commitRepeatable(List<Op> repeatable) throws StoreException {
        List<Op> operations = new ArrayList<>();
        operations.add(Op.check(paths.head(), version));
        operations.addAll(repeatable);
        long deadline = deadline();
        while (true) {
            try {
                znodes.multi("write the snapshot", operations);
                return;
            } catch (RequestFailedException e) {
                if (e.is(Code.BADVERSION)) {
                    throw new FencedException("another writer took over while the snapshot was written");
                }
                awaitRetry(e, deadline);
            }
        }
    }

    /** Nobody waits longer for ZooKeeper than a session lives: by then another leader may have been elected. */
    private long deadline() {
        return System.nanoTime() + client.settings().sessionTimeout().toNanos();
    }

    private void awaitRetry(RequestFailedException failure, long deadline) throws StoreException {
        long left = deadline - System.nanoTime();
        if (left <= 0 || !failure.outcomeUnknown()) {
            throw failure;
        }
        try {
            client.awaitConnected(Duration.ofNanos(left));
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while waiting for ZooKeeper", e);
        }
    }
}
