package directory.thisdcos.l4lb.store.disk;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Table;
import directory.thisdcos.l4lb.store.codec.TableCodec;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the newest two tables in a folder as {@code table-<number>.gz}. The number grows with each save: clocks and
 * epochs may go backwards, when ZooKeeper was replaced for example. Other files in the folder are left alone. For one
 * thread at a time.
 */
public final class TableFile {
    private static final Logger log = LoggerFactory.getLogger(TableFile.class);

    private static final Pattern NAME = Pattern.compile("table-([0-9]{1,18})(\\.json)?\\.gz");
    private static final String TEMPORARY = "table.tmp";
    private static final int KEPT = 2;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path dir;
    private final InstantSource clock;

    /**
     * A table from a file, verified by its hash.
     *
     * @param saved when the file was written
     * @param file which holds it and nothing else, ever
     */
    public record Loaded(State state, String clusterId, Instant saved, Path file) {}

    /** @param dir created with the first save */
    public TableFile(Path dir) {
        this(dir, InstantSource.system());
    }

    TableFile(Path dir, InstantSource clock) {
        this.dir = dir;
        this.clock = clock;
    }

    /**
     * Writes a table so that after a crash at any moment this one or the one before can be loaded.
     *
     * @throws IOException with one clear line, when the disk is full for example; the older files are untouched
     */
    public void save(State state, String clusterId) throws IOException {
        Path temporary = dir.resolve(TEMPORARY);
        try {
            Files.createDirectories(dir);
            write(temporary, new Table(clusterId, clock.instant(), state));
            SortedMap<Long, Path> files = files();
            long number = files.isEmpty() ? 1 : files.firstKey() + 1;
            Path file = dir.resolve(String.format(Locale.ROOT, "table-%010d.gz", number));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            syncFolder();
            deleteAll(files.values().stream().skip(KEPT - 1L).toList());
        } catch (IOException e) {
            deleteQuietly(temporary);
            throw new IOException("cannot save the table in " + dir + ": " + reason(e), e);
        }
    }

    private static void write(Path file, Table table) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file.toFile());
                BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES)) {
            TableCodec.write(table, buffered);
            buffered.flush();
            out.getFD().sync();
        }
    }

    /** A rename is on the disk only when its folder is (fsync(2)). */
    private void syncFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(dir, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** The newest table that verifies; a file that does not is named in a warning and passed over. */
    public Optional<Loaded> load() {
        try {
            for (Path file : files().values()) {
                Optional<Loaded> loaded = read(file);
                if (loaded.isPresent()) {
                    return loaded;
                }
            }
        } catch (IOException e) {
            log.warn("cannot look for saved tables in {}: {}", dir, reason(e));
        }
        return Optional.empty();
    }

    /**
     * The same, where a table was loaded before the folder was ours alone: that one, unless another process has saved a newer
     * one since.
     */
    public Optional<Loaded> load(Optional<Loaded> before) {
        try {
            Optional<Path> newest = files().values().stream().findFirst();
            return newest.equals(before.map(Loaded::file)) ? before : load();
        } catch (IOException e) {
            return load();
        }
    }

    private static Optional<Loaded> read(Path file) {
        try {
            Table table = TableCodec.read(Files.readAllBytes(file));
            return Optional.of(new Loaded(table.state(), table.cluster(), table.saved(), file));
        } catch (IOException e) {
            log.warn("{} is damaged and is passed over: {}", file, reason(e));
            return Optional.empty();
        }
    }

    /** Our files by number, the newest first. */
    private SortedMap<Long, Path> files() throws IOException {
        SortedMap<Long, Path> files = new TreeMap<>(Comparator.reverseOrder());
        if (!Files.isDirectory(dir)) {
            return files;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches() && Files.isRegularFile(entry)) {
                    files.put(Long.parseLong(name.group(1)), entry);
                }
            }
        }
        return files;
    }

    private static void deleteAll(List<Path> superfluous) {
        superfluous.forEach(TableFile::deleteQuietly);
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("cannot delete {}: {}", file, reason(e));
        }
    }

    /** File-system exceptions often say only the file's name; their class says what happened. */
    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }
}
