package directory.thisdcos.l4lb.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.framework.recipes.locks.StandardLockInternalsDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who tries to write the table: one of the participants at a time, as good as ZooKeeper can tell. Two may believe it for
 * a moment; the fenced head, not this class, keeps the table safe. Its callbacks run on a thread of its own.
 */
public final class Leadership implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Leadership.class);

    /** Between two tries to join while ZooKeeper does not answer; also bounds how long closing waits for it. */
    private static final Duration JOIN_RETRY = Duration.ofMillis(500);

    /** Curator's name for a participant's znode: {@code _c_<uuid>-latch-<number>}. */
    private static final String LATCH_NAME = "latch-";

    private final ZooKeeperClient client;
    private final StoreLayout layout;
    private final String id;
    private final LeaderLatch latch;
    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(task -> ZooKeeperClient.daemon(task, "leadership"));
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean joined;
    private volatile boolean closed;

    /** @param id what others learn of the leader: the URL of its admin API */
    public Leadership(ZooKeeperClient client, String id) {
        this.client = client;
        this.layout = new StoreLayout(client);
        this.id = id;
        this.latch = new LeaderLatch(client.curator(), client.paths().leader(), id);
        latch.addListener(
                new LeaderLatchListener() {
                    @Override
                    public void isLeader() {
                        change("leading");
                    }

                    @Override
                    public void notLeader() {
                        change("not leading any more");
                    }
                },
                executor);
    }

    /** Adds something quick to do whenever leadership is won or lost. */
    public void onChange(Runnable poke) {
        listeners.add(poke);
    }

    /** Begins to compete, as soon as there is a connection; the client is started by its owner. */
    public void start() {
        executor.execute(this::join);
    }

    private void join() {
        while (!closed) {
            try {
                if (client.awaitConnected(JOIN_RETRY)) {
                    // Before the latch does it: Curator makes containers, which vanish when the last participant goes.
                    layout.ensureDirectory(client.paths().leader());
                    startLatch();
                    return;
                }
            } catch (StoreException e) {
                log.warn("cannot compete for leadership yet: {}", e.getMessage());
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void pause() {
        lock.lock();
        try {
            long left = JOIN_RETRY.toNanos();
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void startLatch() throws StoreException {
        lock.lock();
        try {
            if (!closed) {
                latch.start();
                joined = true;
            }
        } catch (Exception e) {
            // Curator declares Exception.
            throw new StoreException("cannot start the leader latch: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private void change(String what) {
        log.info("{} ({})", what, id);
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        listeners.forEach(Runnable::run);
    }

    /** Whether this participant leads, as far as it knows. */
    public boolean isLeader() {
        return latch.hasLeadership();
    }

    /** Waits until this participant leads; whether it does. */
    public boolean awaitLeader(Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (!isLeader() && left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            return isLeader();
        } finally {
            lock.unlock();
        }
    }

    /** Asks ZooKeeper for the leader's id; empty if there is none, or no answer. */
    public Optional<String> leaderId() {
        if (!client.connected()) {
            return Optional.empty();
        }
        String directory = client.paths().leader();
        try {
            Optional<String> first = client.znodes().children(directory).stream()
                    .min(Comparator.comparing(
                            name -> StandardLockInternalsDriver.standardFixForSorting(name, LATCH_NAME)));
            if (first.isEmpty()) {
                return Optional.empty();
            }
            return client.znodes()
                    .read(directory + "/" + first.get())
                    .map(znode -> new String(znode.data(), StandardCharsets.UTF_8));
        } catch (StoreException e) {
            log.warn("cannot find out who leads: {}", e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            if (joined) {
                joined = false;
                latch.close();
            }
        } catch (IOException e) {
            log.warn("cannot close the leader latch: {}", e.getMessage());
        } finally {
            lock.unlock();
        }
        executor.shutdownNow();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!executor.awaitTermination(JOIN_RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("the leadership thread still waits for ZooKeeper");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
