package directory.thisdcos.l4lb.source.file;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.Source;
import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.SourceSink;
import directory.thisdcos.l4lb.source.SourceUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code *.json} files of one folder. Runs on its own thread {@code apps-folder}: it waits for a sign of a change,
 * compares the listing with what it read, reads what is new, and hands on one update with a unit for each file.
 *
 * <p>Whatever cannot be read keeps its last good content. It counts as complete once every file was readable; a file
 * that was broken when the program started may have declared anything before.
 */
public final class AppsFolder implements Source {
    private static final Logger log = LoggerFactory.getLogger(AppsFolder.class);

    /** The folder is looked at so often even without a sign: not every file system gives signs. */
    private static final Duration RESCAN = Duration.ofSeconds(1);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

    /** A scan may take one part in so many of the time at most. */
    private static final int MAX_SCAN_SHARE = 20;

    /** A writer is given so long to finish before its file is read; longer where a look costs much. */
    private static final Duration SETTLE = Duration.ofMillis(30);

    private static final int SETTLE_SHARE = 10;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

    private static final SourceSink NOBODY = new SourceSink() {
        @Override
        public void accept(SourceUpdate update) {}

        @Override
        public void health(String source, SourceHealth health) {}
    };

    /** The unit of what is wrong with the folder itself; no file has this name. */
    private static final String FOLDER_UNIT = "";

    private final Path folder;
    private final String id;
    private final InstantSource clock;
    private final HostAddresses hosts;
    private final AppFileReader reader;
    private final Map<Path, AppFile> files = new TreeMap<>();
    private final Thread thread = new Thread(this::run, "apps-folder");
    private volatile SourceSink sink = NOBODY;
    private volatile boolean closed;
    private boolean announced;
    private boolean complete;
    private long hostChangesSeen;
    private List<Problem> folderProblems = List.of();

    /**
     * A source that is not started yet.
     *
     * @param framework the framework name of the apps, {@code marathon} unless it is another Marathon
     */
    public AppsFolder(Path folder, String framework, HostAddresses hosts, InstantSource clock) {
        this.folder = folder;
        this.id = "apps:" + folder.toAbsolutePath().normalize();
        this.clock = clock;
        this.hosts = hosts;
        this.reader = new AppFileReader(id, framework, hosts, clock);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void start(SourceSink newSink) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("the folder of apps " + folder
                    + (Files.exists(folder) ? " is not a folder" : " does not exist; create it or mend --apps"));
        }
        if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            throw new IOException("the folder of apps " + folder + " cannot be read: permission denied");
        }
        sink = newSink;
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(STOP_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (FolderSigns signs = FolderSigns.of(folder)) {
            Duration pause = Duration.ZERO;
            while (!closed) {
                signs.await(pause, pause.compareTo(RESCAN) > 0 ? pause.dividedBy(SETTLE_SHARE) : SETTLE);
                pause = look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once; returns after which time to look again without a sign. */
    private Duration look() {
        long before = System.nanoTime();
        try {
            boolean changed = scan();
            if ((changed || !announced || (!complete && isComplete())) && !closed) {
                tell(before);
                announced = true;
            }
        } catch (RuntimeException e) {
            log.error("source={} failed; what it said stays in force, next try in {}", id, AFTER_FAILURE, e);
            return AFTER_FAILURE;
        }
        Duration share = Duration.ofNanos(System.nanoTime() - before).multipliedBy(MAX_SCAN_SHARE);
        return RESCAN.compareTo(share) > 0 ? RESCAN : share;
    }

    /** Brings {@code files} up to date; whether anything changed. */
    private boolean scan() {
        FolderListing listing;
        try {
            listing = FolderListing.read(folder);
        } catch (IOException e) {
            return replaceFolderProblems(List.of(new Problem(
                    "unreadable-folder",
                    folder.toString(),
                    "the folder cannot be read (" + e + "); what it said last stays in force")));
        }
        boolean changed = replaceFolderProblems(List.copyOf(listing.unreadable().values()));
        long hostChanges = hosts.changes();
        boolean namesMoved = hostChanges != hostChangesSeen;
        hostChangesSeen = hostChanges;
        changed |= files.keySet()
                .removeIf(file -> !listing.files().containsKey(file)
                        && !listing.unreadable().containsKey(file));
        for (Map.Entry<Path, FolderListing.Stamp> entry : listing.files().entrySet()) {
            boolean isNew = !files.containsKey(entry.getKey());
            AppFile known = files.getOrDefault(entry.getKey(), AppFile.UNREAD);
            if (known.isOutdated(entry.getValue(), clock.instant(), HostAddresses.MEMORY)
                    || (namesMoved && known.usesNames())) {
                AppFile next = reader.read(entry.getKey(), entry.getValue(), known);
                files.put(entry.getKey(), next);
                changed |= isNew || !next.declarations().equals(known.declarations());
            }
        }
        return changed;
    }

    private boolean replaceFolderProblems(List<Problem> now) {
        boolean changed = !now.equals(folderProblems);
        folderProblems = now;
        return changed;
    }

    private void tell(long receivedNanos) {
        complete |= isComplete();
        sink.health(id, health(unread()));
        Map<String, Declarations> units = new TreeMap<>();
        files.forEach((path, file) -> units.put(path.toString(), file.declarations()));
        units.put(FOLDER_UNIT, Declarations.NONE.withProblems(folderProblems));
        sink.accept(SourceUpdate.whole(id, complete, units, receivedNanos));
    }

    private long unread() {
        return files.values().stream().filter(file -> file.good().isEmpty()).count();
    }

    /** A host name that nobody was asked for yet may be that of a backend in the table. */
    private boolean isComplete() {
        return folderProblems.isEmpty()
                && unread() == 0
                && hosts.unsettled() == 0
                && hosts.changes() == hostChangesSeen;
    }

    private SourceHealth health(long unread) {
        if (!folderProblems.isEmpty()) {
            return new SourceHealth(
                    complete ? SourceHealth.Status.STALE : SourceHealth.Status.CONNECTING,
                    folderProblems.get(0).message());
        }
        return complete
                ? new SourceHealth(SourceHealth.Status.LIVE, "watching " + files.size() + " files")
                : new SourceHealth(
                        SourceHealth.Status.CONNECTING,
                        unread == 0
                                ? hosts.unsettled() + " host names are being resolved"
                                : unread + " of " + files.size() + " files could not be read since the start; until"
                                        + " they can, nothing that they may have declared is withdrawn");
    }
}
