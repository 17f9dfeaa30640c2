package directory.thisdcos.l4lb.source.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signs that a folder may have changed; without a watch (network file systems, exhausted inotify) only time passes. */
final class FolderSigns implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(FolderSigns.class);

    private final Path folder;
    private final Optional<WatchService> service;

    private FolderSigns(Path folder, Optional<WatchService> service) {
        this.folder = folder;
        this.service = service;
    }

    static FolderSigns of(Path folder) {
        try {
            WatchService service = folder.getFileSystem().newWatchService();
            FolderSigns signs = new FolderSigns(folder, Optional.of(service));
            signs.register(service);
            return signs;
        } catch (IOException e) {
            log.info("no watch on folder={}; it is looked at periodically ({})", folder, e.toString());
            return new FolderSigns(folder, Optional.empty());
        }
    }

    private void register(WatchService watch) throws IOException {
        folder.register(
                watch,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
    }

    /**
     * Returns at a sign, and after {@code atMost} in any case.
     *
     * @param settle how long after the first sign, so that one look sees many changes and complete files
     */
    void await(Duration atMost, Duration settle) throws InterruptedException {
        if (service.isEmpty()) {
            LockSupport.parkNanos(atMost.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return;
        }
        WatchKey key = service.get().poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        if (key == null) {
            registerAgain(service.get());
            return;
        }
        LockSupport.parkNanos(settle.toNanos());
        key.pollEvents();
        key.reset();
    }

    /** Another folder may stand in its place by now; for the same one this does nothing. */
    private void registerAgain(WatchService watch) {
        try {
            register(watch);
        } catch (IOException e) {
            log.debug("cannot watch folder={} now: {}", folder, e.toString());
        }
    }

    @Override
    public void close() {
        try {
            if (service.isPresent()) {
                service.get().close();
            }
        } catch (IOException e) {
            log.debug("closing the watch on folder={}: {}", folder, e.toString());
        }
    }
}
