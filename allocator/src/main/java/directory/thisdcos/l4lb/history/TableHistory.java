package directory.thisdcos.l4lb.history;

import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.TableStep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of each name, kept in files over restarts. It writes on a thread of its own, {@code history}: a slow or full
 * disk costs history and nothing else. What it could not see one by one it tells as one difference. Reading is safe for
 * every thread.
 */
public final class TableHistory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TableHistory.class);
    private static final String REPORTER = "history";

    /** 64 MiB hold some 300,000 changes. */
    private static final int MAX_FILES = 16;

    private static final int MAX_FILE_BYTES = 4 * 1024 * 1024;

    /** Steps and changes that may wait for the disk, each in memory; what comes beyond is seen as part of a later one. */
    private static final int MAX_WAITING_STEPS = 200;

    private static final int MAX_WAITING_CHANGES = 20_000;

    /** Changes that are kept in memory for who watches. */
    private static final int MAX_RECENT = 1_000;

    private static final long STOP_WITHIN_MILLIS = 1_000;

    /** Wakes the thread up; an interrupt would close the file in the midst of a line. */
    private static final TableStep WAKE = new TableStep(State.EMPTY, Optional.empty(), 0);

    private final ChangeFiles files;
    private final ProblemBoard problems;
    private final BlockingQueue<TableStep> waiting = new ArrayBlockingQueue<>(MAX_WAITING_STEPS);
    private final AtomicInteger waitingChanges = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "history");
    private final Deque<TableChange> recent = new ArrayDeque<>();
    private volatile boolean closed;
    private volatile long lastId;

    // Of the thread alone.
    private @Nullable State last;

    /** Up to this table everything is written down already, by the process before; 0 once that does not matter. */
    private long writtenTable;

    private boolean begun;
    private long lost;

    private TableHistory(ChangeFiles files, ProblemBoard problems) {
        this.files = files;
        this.problems = problems;
    }

    /** Goes on where the process before ended. */
    public static TableHistory open(Path dir, ProblemBoard problems) {
        return open(new ChangeFiles(dir, MAX_FILE_BYTES, MAX_FILES), problems);
    }

    static TableHistory open(ChangeFiles files, ProblemBoard problems) {
        TableHistory history = new TableHistory(files, problems);
        history.thread.setDaemon(true);
        history.thread.start();
        return history;
    }

    /** Takes the next step of the table. What the first one holds is no change: nobody here saw it come. */
    public void observe(TableStep step) {
        if (waitingChanges.get() > MAX_WAITING_CHANGES || !waiting.offer(step)) {
            log.debug("the disk is behind; {} becomes part of a later one", step.table());
            return;
        }
        waitingChanges.addAndGet(size(step));
    }

    private static int size(TableStep step) {
        return step.batch().map(batch -> batch.changes().size()).orElse(0);
    }

    /** The id of the newest change; 0 if there is none. */
    public long lastId() {
        return lastId;
    }

    /** The next changes after {@code id}, the oldest first; of very many only the first, and the others when asked again. */
    public List<TableChange> after(long id) throws IOException {
        synchronized (recent) {
            if (recent.isEmpty() || recent.getFirst().id() <= id + 1) {
                return recent.stream().filter(change -> change.id() > id).toList();
            }
        }
        List<TableChange> next = new ArrayList<>(files.newest("", id + 1 + MAX_RECENT, MAX_RECENT));
        next.removeIf(change -> change.id() <= id);
        Collections.reverse(next);
        if (next.isEmpty()) {
            // They are gone from the files too.
            synchronized (recent) {
                next.addAll(recent);
            }
        }
        return next;
    }

    /**
     * The newest changes, the newest first.
     *
     * @param target which they are of, as {@link Target#text}; empty for all
     * @param before the id which theirs are smaller than
     */
    public List<TableChange> newest(String target, long before, int limit) throws IOException {
        return files.newest(target, before, limit);
    }

    private void run() {
        while (!closed || !waiting.isEmpty()) {
            try {
                begin();
                TableStep step = waiting.poll(1, TimeUnit.SECONDS);
                if (step != null && !step.equals(WAKE)) {
                    waitingChanges.addAndGet(-size(step));
                    take(step);
                }
            } catch (InterruptedException e) {
                // Nobody does.
                return;
            } catch (RuntimeException e) {
                log.error("a table is missing in the history", e);
            }
        }
    }

    /** Reads where the process before ended; tries it again each time as long as that fails. */
    private void begin() {
        if (begun) {
            return;
        }
        try {
            Optional<TableChange> newest = files.open();
            lastId = newest.map(TableChange::id).orElse(0L);
            writtenTable = newest.map(TableChange::table).orElse(0L);
            begun = true;
        } catch (IOException e) {
            report("cannot be read" + (lost > 0 ? ", and changes are missing in it: " : ": ") + e);
        }
    }

    private void take(TableStep step) {
        begin();
        State before = last;
        State next = step.table();
        last = next;
        if (before == null || before.seq() == 0) {
            return;
        }
        boolean isNext = step.batch().isPresent() && next.seq() == before.seq() + 1;
        if (isNext && next.seq() <= writtenTable) {
            return;
        }
        writtenTable = 0;
        List<TableChange> changes = new ArrayList<>();
        Instant at = Instant.ofEpochMilli(step.committedMillis());
        if (isNext) {
            Batch batch = step.batch().orElseThrow();
            for (Target target : targets(batch)) {
                tell(
                        before.vip(target).orElse(null),
                        next.vip(target).orElse(null),
                        Cause.of(target, batch.causes()),
                        at,
                        next.seq(),
                        changes);
            }
        } else {
            next.forEachDifference(before, (old, now) -> tell(old, now, Optional.empty(), at, next.seq(), changes));
            if (!changes.isEmpty()) {
                add(unseen(before, next), at, next.seq(), "", changes);
            }
        }
        write(changes, at, next.seq());
    }

    private static Set<Target> targets(Batch batch) {
        Set<Target> targets = new LinkedHashSet<>();
        for (Change change : batch.changes()) {
            change.target().ifPresent(targets::add);
        }
        return targets;
    }

    private static Difference unseen(State before, State next) {
        return new Difference(
                "what changed between the tables " + before.seq() + " and " + next.seq()
                        + " was not seen one by one here, and is told as one",
                "",
                "");
    }

    private void tell(
            @Nullable Vip old,
            @Nullable Vip now,
            Optional<Cause> cause,
            Instant at,
            long table,
            List<TableChange> changes) {
        Vip known = now == null ? old : now;
        if (known != null) {
            Differences.between(old, now)
                    .forEach(difference -> add(
                            difference.because(cause), at, table, known.target().text(), changes));
        }
    }

    private void add(Difference difference, Instant at, long table, String target, List<TableChange> changes) {
        changes.add(new TableChange(
                lastId + changes.size() + 1, at, table, target, difference.text(), difference.who(), difference.why()));
    }

    private void write(List<TableChange> changes, Instant at, long table) {
        if (changes.isEmpty()) {
            return;
        }
        if (!begun) {
            lost += changes.size();
            return;
        }
        int seen = changes.size();
        if (lost > 0) {
            String text = lost + " changes before this could not be written down";
            add(new Difference(text, "", ""), at, table, "", changes);
        }
        try {
            files.append(changes);
        } catch (IOException e) {
            lost += seen;
            report("cannot be written, and changes are missing in it: " + e);
            return;
        }
        lost = 0;
        problems.report(REPORTER, List.of());
        synchronized (recent) {
            recent.addAll(changes);
            while (recent.size() > MAX_RECENT) {
                recent.removeFirst();
            }
            lastId += changes.size();
        }
    }

    /** @param what the same as long as it lasts, or each change would be a line of the log */
    private void report(String what) {
        problems.report(
                REPORTER,
                List.of(new Problem(
                        REPORTER, "history of changes", what + "; make room in the data folder, or mend it")));
    }

    /** Writes down what waits, as far as a moment allows. */
    @Override
    public void close() {
        closed = true;
        var unused = waiting.offer(WAKE);
        try {
            thread.join(STOP_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
