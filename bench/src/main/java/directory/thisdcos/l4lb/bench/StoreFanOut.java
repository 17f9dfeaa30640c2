package directory.thisdcos.l4lb.bench;

import directory.thisdcos.l4lb.store.ZooKeeperJournal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.AsyncCallback.DataCallback;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Many sessions that send what a follower sends: one watch on the head, one read for each event. */
final class StoreFanOut implements AutoCloseable {
    private static final String HEAD = "/l4lb/head";
    private static final int SESSION_MILLIS = 40_000;

    private final List<ZooKeeper> sessions = new ArrayList<>();
    private final AtomicIntegerArray versions;
    private final long[][] arrivals;
    private final AtomicLong bytes = new AtomicLong();
    private final int firstVersion;

    /** @param changes how many will be measured */
    StoreFanOut(String connect, int followers, int changes, int firstVersion) throws Exception {
        this.versions = new AtomicIntegerArray(followers);
        this.arrivals = new long[followers][changes];
        this.firstVersion = firstVersion;
        CountDownLatch ready = new CountDownLatch(followers);
        for (int i = 0; i < followers; i++) {
            synchronized (this) {
                sessions.add(open(connect, i, ready));
            }
        }
        if (!ready.await(3, TimeUnit.MINUTES)) {
            throw new IOException(ready.getCount() + " of " + followers + " followers did not connect");
        }
    }

    private ZooKeeper open(String connect, int index, CountDownLatch ready) throws IOException {
        return new ZooKeeper(connect, SESSION_MILLIS, new Watcher() {
            private boolean first = true;

            @Override
            public void process(WatchedEvent event) {
                if (event.getType() == Event.EventType.NodeDataChanged
                        || (first && event.getState() == Event.KeeperState.SyncConnected)) {
                    read();
                }
            }

            private void read() {
                DataCallback callback = (rc, path, context, data, stat) -> {
                    if (rc == KeeperException.Code.OK.intValue()) {
                        arrived(index, data.length, stat);
                        if (first) {
                            first = false;
                            ready.countDown();
                        }
                    }
                };
                current(index).getData(HEAD, this, callback, null);
            }
        });
    }

    private synchronized ZooKeeper current(int index) {
        return sessions.get(index);
    }

    private void arrived(int index, int length, Stat stat) {
        long now = System.nanoTime();
        int last = versions.getAndSet(index, stat.getVersion());
        bytes.addAndGet(length);
        for (int version = Math.max(last + 1, firstVersion); version <= stat.getVersion(); version++) {
            int change = version - firstVersion;
            if (change < arrivals[index].length) {
                arrivals[index][change] = now;
            }
        }
    }

    /** Commits the changes one after the other, each when all have seen the last, and prints how long they took. */
    void measure(ZooKeeperJournal journal, StoreEnsemble ensemble) throws Exception {
        int followers = arrivals.length;
        int changes = arrivals[0].length;
        long[] toFollower = new long[followers * changes];
        double cpu = ensemble.cpuSeconds();
        long bytesBefore = bytes.get();
        for (int change = 0; change < changes; change++) {
            journal.append(List.of(StoreTable.weight(change, 2)));
            long acknowledged = System.nanoTime();
            for (int i = 0; i < followers; i++) {
                while (versions.get(i) < firstVersion + change) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
            }
            for (int i = 0; i < followers; i++) {
                toFollower[change * followers + i] = arrivals[i][change] - acknowledged;
            }
        }
        double used = ensemble.cpuSeconds() - cpu;
        Arrays.sort(toFollower);
        System.out.printf(
                "fan-out: %d followers, %d changes; after the commit's answer p50 %.1f ms, p99 %.1f ms; server CPU %.0f us"
                        + " per change and follower; %d octets of data per change and follower%n",
                followers,
                changes,
                toFollower[toFollower.length / 2] / 1e6,
                toFollower[toFollower.length * 99 / 100] / 1e6,
                used * 1e6 / changes / followers,
                (bytes.get() - bytesBefore) / changes / followers);
    }

    @Override
    public void close() {
        try {
            for (ZooKeeper session : sessions) {
                session.close(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
