package directory.thisdcos.l4lb.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The folder of {@code --data}, held by one process at a time.
 *
 * <pre>
 *   lock          held while a process uses the folder; holds its number
 *   zookeeper/    the embedded ZooKeeper
 *   table/        the newest tables that this node has seen
 *   history/      what became of each name
 *   ipvs/         addresses outside the pools that this node has programmed
 * </pre>
 */
final class DataFolder implements AutoCloseable {
    private static final String TABLE = "table";

    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static DataFolder open(Path path) throws StartException {
        Path absolute = path.toAbsolutePath().normalize();
        FileChannel channel;
        try {
            Files.createDirectories(absolute);
            channel = FileChannel.open(absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new StartException(
                    "the data folder " + absolute + " cannot be written: " + Reasons.of(e)
                            + "; choose another with --data DIR",
                    e);
        }
        lock(absolute, channel);
        return new DataFolder(absolute, channel);
    }

    /** The lock file names us for who wants to take our place. */
    private static void lock(Path path, FileChannel channel) throws StartException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                String pid = Long.toString(ProcessHandle.current().pid());
                channel.truncate(0);
                channel.write(StandardCharsets.US_ASCII.encode(pid));
                return;
            }
            channel.close();
        } catch (IOException e) {
            throw new StartException("the data folder " + path + " cannot be locked: " + Reasons.of(e), e);
        }
        throw new StartException("the data folder " + path
                + " is in use by another l4lb; stop it, take its place with --take-over, or choose another folder with"
                + " --data DIR");
    }

    /** The process that uses a folder; empty if there is none. */
    static Optional<ProcessHandle> holder(Path path) throws StartException {
        Path file = path.resolve("lock");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileLock free = channel.tryLock();
            if (free != null) {
                free.release();
                return Optional.empty();
            }
            String pid = Files.readString(file, StandardCharsets.US_ASCII).trim();
            return ProcessHandle.of(Long.parseLong(pid));
        } catch (IOException e) {
            throw unseen(path, Reasons.of(e), e);
        } catch (NumberFormatException e) {
            throw unseen(path, "its lock file does not name the process", e);
        }
    }

    private static StartException unseen(Path path, String reason, Exception cause) {
        return new StartException(
                "--take-over: who holds the data folder " + path + " cannot be seen: " + reason + "; stop it by hand",
                cause);
    }

    Path zookeeper() {
        return path.resolve("zookeeper");
    }

    Path table() {
        return path.resolve(TABLE);
    }

    /** Of a folder that need not be ours. */
    static Path table(Path path) {
        return path.toAbsolutePath().normalize().resolve(TABLE);
    }

    Path history() {
        return path.resolve("history");
    }

    Path ipvs() {
        return path.resolve("ipvs");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
