package directory.thisdcos.l4lb.dns;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.zone.DynamicZones;
import directory.thisdcos.l4lb.dns.zone.Zone;
import directory.thisdcos.l4lb.dns.zone.ZoneFile;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The zones of a folder, read at start and again whenever a file changes. A file that cannot be read leaves the zone that
 * it gave before in place. A watch makes changes quick; the poll beside it finds those that no watch reports (network
 * file systems, links). Runs on a thread of its own after {@link #start}.
 */
final class StaticZones implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StaticZones.class);
    private static final String REPORTER = "dns-zones";
    private static final long POLL_MILLIS = 1_000;
    /** A file may be away while it is replaced; only one that stays away takes its zone along. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS / 2);

    private static final long CLOSE_MILLIS = 1_000;

    /** What tells one version of a file from another. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {}

    /**
     * A file as it was last read.
     *
     * @param stamps of the file, and of those that it includes
     * @param zone the last good one
     */
    private record Entry(Map<Path, Optional<Stamp>> stamps, Optional<Zone> zone, List<Problem> problems) {
        boolean isAsRead(Path file, Stamp now) {
            return stamps.entrySet().stream()
                    .allMatch(read -> read.getValue()
                            .equals(read.getKey().equals(file) ? Optional.of(now) : StaticZones.stamp(read.getKey())));
        }
    }

    private final Optional<Path> folder;
    private final ProblemBoard problems;
    private final Consumer<Collection<Zone>> publish;
    private final Map<Path, Entry> entries = new TreeMap<>();
    private final Map<Path, Long> missingSince = new TreeMap<>();
    private volatile Set<Name> dynamicOrigins = Set.of(DynamicZones.ORIGIN);
    private volatile boolean recheck;
    private @Nullable WatchService watch;
    private @Nullable Thread thread;

    StaticZones(Optional<Path> folder, ProblemBoard problems, Consumer<Collection<Zone>> publish) {
        this.folder = folder;
        this.problems = problems;
        this.publish = publish;
    }

    void start() throws IOException {
        if (folder.isEmpty()) {
            return;
        }
        Path path = folder.get();
        if (!Files.isDirectory(path)) {
            throw new IOException("the folder of static zones " + path + " does not exist or is no folder");
        }
        WatchService service = path.getFileSystem().newWatchService();
        watch = service;
        path.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        scan(path);
        thread = new Thread(() -> follow(path, service), "dns-zones");
        thread.setDaemon(true);
        thread.start();
    }

    /** Tells which zones a static one would hide; the warning appears with the next scan. */
    void dynamicOrigins(List<Name> origins) {
        if (dynamicOrigins.size() != origins.size() || !dynamicOrigins.containsAll(origins)) {
            dynamicOrigins = Set.copyOf(origins);
            recheck = true;
        }
    }

    private void follow(Path path, WatchService service) {
        while (true) {
            try {
                WatchKey key = service.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
                scan(path);
            } catch (InterruptedException | ClosedWatchServiceException e) {
                return;
            } catch (RuntimeException e) {
                // The thread's top: a fault in one scan must not end the watching.
                log.error("scan of static zones failed folder={}", path, e);
            }
        }
    }

    private void scan(Path path) {
        Map<Path, Stamp> found = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.zone")) {
            for (Path file : files) {
                stamp(file).ifPresent(stamp -> found.put(file, stamp));
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The folder is away for the moment; its zones stay.
            problems.report(
                    REPORTER, List.of(new Problem("zone-folder", path.toString(), "cannot be read; its zones stay")));
            return;
        }
        boolean changed = forgetMissing(found.keySet()) || recheck;
        recheck = false;
        for (Map.Entry<Path, Stamp> file : found.entrySet()) {
            Entry known = entries.get(file.getKey());
            if (known == null || !known.isAsRead(file.getKey(), file.getValue())) {
                entries.put(file.getKey(), load(file.getKey(), file.getValue(), known));
                changed = true;
            }
        }
        if (changed) {
            show();
        }
    }

    private boolean forgetMissing(Set<Path> found) {
        long now = System.nanoTime();
        missingSince.keySet().removeAll(found);
        entries.keySet().stream()
                .filter(file -> !found.contains(file))
                .forEach(file -> missingSince.putIfAbsent(file, now));
        boolean changed = false;
        for (Map.Entry<Path, Long> missing : Map.copyOf(missingSince).entrySet()) {
            if (now - missing.getValue() >= GRACE_NANOS) {
                missingSince.remove(missing.getKey());
                changed |= entries.remove(missing.getKey()) != null;
            }
        }
        return changed;
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isDirectory()
                    ? Optional.empty()
                    : Optional.of(new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Entry load(Path file, Stamp stamp, @Nullable Entry before) {
        Map<Path, Optional<Stamp>> stamps = new TreeMap<>(Map.of(file, Optional.of(stamp)));
        try {
            ZoneFile.Loaded loaded = ZoneFile.load(file, opened -> stamps.computeIfAbsent(opened, StaticZones::stamp));
            List<Problem> warnings = loaded.warnings().stream()
                    .map(text -> new Problem("zone-record", file.toString(), text))
                    .toList();
            return new Entry(stamps, Optional.of(loaded.zone()), warnings);
        } catch (IOException e) {
            Optional<Zone> old = before == null ? Optional.empty() : before.zone();
            String fate = old.isPresent() ? "; the zone as it was before is served on" : "; the zone is not served";
            return new Entry(stamps, old, List.of(new Problem("zone-file", file.toString(), e.getMessage() + fate)));
        }
    }

    private void show() {
        Map<Name, Zone> byOrigin = new java.util.HashMap<>();
        List<Problem> current = new ArrayList<>();
        entries.forEach((file, entry) -> {
            current.addAll(entry.problems());
            entry.zone().ifPresent(zone -> {
                if (byOrigin.putIfAbsent(zone.origin(), zone) != null) {
                    current.add(new Problem(
                            "zone-twice", file.toString(), "another file already gives the zone " + zone.origin()));
                }
                if (dynamicOrigins.contains(zone.origin())) {
                    current.add(new Problem(
                            "zone-replaced",
                            file.toString(),
                            "replaces the zone " + zone.origin()
                                    + " that is made from the table; remove the file to have it back"));
                }
            });
        });
        publish.accept(byOrigin.values());
        problems.report(REPORTER, current);
    }

    @Override
    public void close() {
        try {
            if (watch != null) {
                watch.close();
            }
            if (thread != null) {
                thread.join(CLOSE_MILLIS);
            }
        } catch (IOException e) {
            log.debug("closing the watch: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
