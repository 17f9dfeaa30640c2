package directory.thisdcos.l4lb.store.embedded;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.util.ServiceUtils;
import org.jspecify.annotations.Nullable;

/**
 * Notices that ZooKeeper's server stopped by itself, which it does when it cannot write its log, says why in one line, and
 * starts it again until that works: when the disk has room, the table is written again without anybody's help.
 */
final class Revival {
    private static final String REPORTER = "embedded-zookeeper";
    private static final long RETRY_SECONDS = 3;

    /** ZooKeeper takes room for its log in steps of 4 MiB (preAllocSize). */
    private static final long NEEDED_BYTES = 8L * 1024 * 1024;

    private final Path dataDir;
    private final ProblemBoard problems;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;

    /** Ends what is left of the old server, and starts a new one. */
    interface Restart {
        void run() throws StoreException;
    }

    Revival(Path dataDir, ProblemBoard problems) {
        this.dataDir = dataDir;
        this.problems = problems;
    }

    /** ZooKeeper's way to say that it is over is to ask for the end of the process; one server is in a process. */
    void watch(Restart restart) {
        ServiceUtils.setSystemExitProcedure(code -> stopped(restart));
    }

    private synchronized void stopped(Restart restart) {
        if (closed.getCount() > 0 && thread == null) {
            Thread reviving = new Thread(() -> revive(restart), "zookeeper-revival");
            reviving.setDaemon(true);
            thread = reviving;
            reviving.start();
        }
    }

    private void revive(Restart restart) {
        report("it stopped");
        try {
            while (!closed.await(RETRY_SECONDS, TimeUnit.SECONDS)) {
                try {
                    restart.run();
                    thread(null);
                    watch(restart);
                    problems.report(REPORTER, List.of());
                    return;
                } catch (StoreException e) {
                    report(String.valueOf(e.getMessage()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void thread(@Nullable Thread now) {
        thread = now;
    }

    private void report(String what) {
        long free = dataDir.toFile().getUsableSpace();
        String why = free < NEEDED_BYTES
                ? "the disk of " + dataDir + " is full (" + free / 1024 + " KiB are free; make room)"
                : what + "; the log says more";
        problems.report(
                REPORTER,
                List.of(new Problem(
                        REPORTER,
                        "embedded ZooKeeper",
                        "it does not run: " + why + "; it is started again by itself")));
    }

    /** From now on its end is wanted. */
    void close() {
        closed.countDown();
    }
}
