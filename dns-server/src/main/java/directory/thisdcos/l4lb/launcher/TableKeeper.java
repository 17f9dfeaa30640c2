package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.StateFollower;
import directory.thisdcos.l4lb.store.disk.TableFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the newest table in the process's file: a moment after it changed, and when the process stops. */
final class TableKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TableKeeper.class);
    private static final String REPORTER = "table-file";

    /** A storm of changes costs one file each time. */
    private static final long LOOK_MILLIS = 2_000;

    private final StateFollower follower;
    private final TableFile file;
    private final ProblemBoard problems;
    private final Duration period;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, REPORTER);
        thread.setDaemon(true);
        return thread;
    });
    private long savedSeq;
    private long savedNanos;
    private boolean hasSaved;

    /** @param period that is at least between two files */
    TableKeeper(StateFollower follower, TableFile file, ProblemBoard problems, Duration period) {
        this.follower = follower;
        this.file = file;
        this.problems = problems;
        this.period = period;
        this.savedSeq = follower.current().seq();
    }

    void start() {
        var unused = timer.scheduleWithFixedDelay(this::saveIfDue, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The first one soon: a process that is killed before has nothing to go on from. */
    private synchronized void saveIfDue() {
        if (!hasSaved || System.nanoTime() - savedNanos >= period.toNanos()) {
            save();
        }
    }

    private synchronized void save() {
        long seq = follower.current().seq();
        if (seq == savedSeq) {
            return;
        }
        try {
            follower.save(file);
            savedSeq = seq;
            savedNanos = System.nanoTime();
            hasSaved = true;
            problems.report(REPORTER, List.of());
        } catch (IOException e) {
            problems.report(
                    REPORTER,
                    List.of(new Problem(
                            REPORTER,
                            "table file",
                            "the table cannot be kept for the next start: " + Reasons.of(e)
                                    + "; make room in the data folder or mend it")));
        } catch (RuntimeException e) {
            log.error("the table file could not be written", e);
        }
    }

    @Override
    public void close() {
        timer.shutdown();
        save();
    }
}
