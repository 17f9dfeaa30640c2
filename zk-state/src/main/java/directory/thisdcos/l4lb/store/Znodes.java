package directory.thisdcos.l4lb.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * The few requests that the table needs. They go to Curator's session, but not through its retry loop: a writer must
 * look at the head before it tries again, and a follower decides itself when to. A request that cannot be answered
 * fails after the request time-out at the latest.
 *
 * <p>ZooKeeper's callbacks, which reads use, run on its event thread and only complete futures; the caller's thread does
 * the rest.
 */
final class Znodes {

    /** Requests under way when many znodes are read. */
    private static final int WINDOW = 16;

    private final CuratorFramework curator;
    private final Duration requestTimeout;

    Znodes(CuratorFramework curator, Duration requestTimeout) {
        this.curator = curator;
        this.requestTimeout = requestTimeout;
    }

    Optional<Znode> read(String path) throws StoreException {
        return await("read " + path, get(path, null));
    }

    /** Reads a znode and leaves a one-shot watch, if the znode exists. */
    Optional<Znode> read(String path, Watcher watcher) throws StoreException {
        return await("read " + path, get(path, watcher));
    }

    boolean exists(String path) throws StoreException {
        return exists(path, null);
    }

    /** Whether a znode exists; leaves a one-shot watch in both cases. */
    boolean exists(String path, @Nullable Watcher watcher) throws StoreException {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        session().exists(path, watcher, (rc, p, context, stat) -> complete(done, rc, true, false), null);
        return await("look for " + path, done);
    }

    /** Reads several znodes with {@value #WINDOW} requests under way; the results are in the order of the paths. */
    List<Optional<Znode>> readAll(List<String> paths) throws StoreException {
        return readAll(paths, null);
    }

    /** The same, leaving a one-shot watch on each that exists. */
    List<Optional<Znode>> readAll(List<String> paths, @Nullable Watcher watcher) throws StoreException {
        Semaphore window = new Semaphore(WINDOW);
        List<CompletableFuture<Optional<Znode>>> reads = new ArrayList<>(paths.size());
        for (String path : paths) {
            try {
                if (!window.tryAcquire(requestTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new RequestFailedException("read " + path, Code.OPERATIONTIMEOUT);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            CompletableFuture<Optional<Znode>> read = get(path, watcher);
            reads.add(read.whenComplete((znode, failure) -> window.release()));
        }
        List<Optional<Znode>> znodes = new ArrayList<>(paths.size());
        for (int i = 0; i < paths.size(); i++) {
            znodes.add(await("read " + paths.get(i), reads.get(i)));
        }
        return znodes;
    }

    /** The names below a znode; none if it is not there. */
    List<String> children(String path) throws StoreException {
        return children(path, null).orElse(List.of());
    }

    /** The names below a znode, leaving a one-shot watch on the list; empty if the znode is not there. */
    Optional<List<String>> children(String path, @Nullable Watcher watcher) throws StoreException {
        CompletableFuture<Optional<List<String>>> done = new CompletableFuture<>();
        session()
                .getChildren(
                        path,
                        watcher,
                        (rc, p, context, children) ->
                                complete(done, rc, Optional.ofNullable(children), Optional.empty()),
                        null);
        return await("list " + path, done);
    }

    /** The session that requests go to now. */
    long sessionId() throws StoreException {
        return session().getSessionId();
    }

    /** Waits until the server that this client talks to has caught up with the leader of the ensemble. */
    void sync(String path) throws StoreException {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        session().sync(path, (rc, p, context) -> complete(done, rc, true, false), null);
        await("sync " + path, done);
    }

    /**
     * Carries out all of the operations or none. The client's network thread wakes the caller itself, which is sooner by
     * one change of threads than its event thread would; the session's own request time-out ends the wait.
     */
    void multi(String what, List<Op> operations) throws StoreException {
        try {
            session().multi(operations);
        } catch (KeeperException e) {
            throw new RequestFailedException(what, e.code());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private CompletableFuture<Optional<Znode>> get(String path, @Nullable Watcher watcher) throws StoreException {
        CompletableFuture<Optional<Znode>> done = new CompletableFuture<>();
        session()
                .getData(
                        path,
                        watcher,
                        (rc, p, context, data, stat) -> complete(
                                done,
                                rc,
                                rc == 0 ? Optional.of(new Znode(data == null ? new byte[0] : data, stat)) : null,
                                Optional.empty()),
                        null);
        return done;
    }

    /** @param missing the result for a znode that is not there; null if that is a failure */
    private static <T> void complete(CompletableFuture<T> done, int rc, @Nullable T result, @Nullable T missing) {
        Code code = Code.get(rc);
        if (code == Code.OK && result != null) {
            done.complete(result);
        } else if (code == Code.NONODE && missing != null) {
            done.complete(missing);
        } else {
            done.completeExceptionally(KeeperException.create(code == null ? Code.SYSTEMERROR : code));
        }
    }

    private <T> T await(String what, CompletableFuture<T> done) throws StoreException {
        try {
            return done.get(requestTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KeeperException failure) {
                throw new RequestFailedException(what, failure.code());
            }
            throw new StoreException("ZooKeeper: " + what + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new RequestFailedException(what, Code.OPERATIONTIMEOUT, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static StoreException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StoreException("interrupted while waiting for ZooKeeper", e);
    }

    private ZooKeeper session() throws StoreException {
        try {
            return curator.getZookeeperClient().getZooKeeper();
        } catch (Exception e) {
            // Curator declares Exception: it throws here what went wrong in its background, such as an unknown host.
            throw new RequestFailedException("connect (" + e.getMessage() + ")", Code.CONNECTIONLOSS, e);
        }
    }
}
