package directory.thisdcos.l4lb.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder of {@code --data}, held by one process at a time.
 *
 * <pre>
 *   lock          held while a process uses the folder
 *   zookeeper/    the embedded ZooKeeper
 *   table/        the newest tables that this node has seen
 *   ipvs/         addresses outside the pools that this node has programmed
 * </pre>
 */
final class DataFolder implements AutoCloseable {
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

    private static void lock(Path path, FileChannel channel) throws StartException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return;
            }
            channel.close();
        } catch (IOException e) {
            throw new StartException("the data folder " + path + " cannot be locked: " + Reasons.of(e), e);
        }
        throw new StartException("the data folder " + path
                + " is in use by another l4lb; stop it or choose another folder with --data DIR");
    }

    Path zookeeper() {
        return path.resolve("zookeeper");
    }

    Path table() {
        return path.resolve("table");
    }

    Path ipvs() {
        return path.resolve("ipvs");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
