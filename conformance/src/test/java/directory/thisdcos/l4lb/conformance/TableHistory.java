package directory.thisdcos.l4lb.conformance;

import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.StoreCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Reads every batch that was ever committed, in order, with the time at which the ensemble took it, and has each version
 * of the table checked. It uses nothing of the follower's code but the codec and the fold.
 */
final class TableHistory implements AutoCloseable {
    private static final int SLOTS = 1024;
    private static final int SESSION_MILLIS = 6_000;
    private static final long POLL_MILLIS = 20;

    private final String connect;
    private final TableChecker checker;
    private final List<String> faults = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "history");
    private volatile State state = State.EMPTY;
    private volatile boolean closed;

    TableHistory(String connect, TableChecker checker) {
        this.connect = connect;
        this.checker = checker;
        thread.start();
    }

    /** The newest version that was read. */
    State state() {
        return state;
    }

    /** What is wrong with any version so far. */
    List<String> faults() {
        synchronized (faults) {
            return List.copyOf(faults);
        }
    }

    private void run() {
        ZooKeeper client = null;
        while (!closed) {
            try {
                if (client == null || !client.getState().isAlive()) {
                    client = new ZooKeeper(connect, SESSION_MILLIS, event -> {});
                }
                readOn(client);
            } catch (KeeperException | IOException e) {
                // Away for a moment: the ring waits.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
            } catch (InterruptedException e) {
                closed = true;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
        }
        close(client);
    }

    private static void close(@Nullable ZooKeeper client) {
        try {
            if (client != null) {
                client.close(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readOn(ZooKeeper client) throws KeeperException, InterruptedException, IOException {
        Stat stat = new Stat();
        byte[] head = client.getData("/l4lb/head", false, stat);
        Batch newest = StoreCodec.decodeBatch(head);
        while (state.seq() + 1 < newest.seq()) {
            long seq = state.seq() + 1;
            Stat slot = new Stat();
            byte[] bytes = client.getData(
                    String.format(java.util.Locale.ROOT, "/l4lb/journal/%04d", seq % SLOTS), false, slot);
            take(StoreCodec.decodeBatch(bytes), seq, slot.getMtime());
        }
        if (state.seq() + 1 == newest.seq()) {
            take(newest, newest.seq(), stat.getMtime());
        }
    }

    private void take(Batch batch, long expected, long atMillis) {
        if (batch.seq() != expected) {
            fault("batch " + batch.seq() + " where " + expected + " belongs: the history has a gap");
            closed = true;
            return;
        }
        State next = state.apply(batch);
        if (next.hash() != batch.stateHash()) {
            fault("batch " + batch.seq() + ": its hash is not that of the fold");
        }
        checker.check(batch, atMillis).forEach(this::fault);
        state = next;
    }

    private void fault(String what) {
        synchronized (faults) {
            faults.add(what);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
