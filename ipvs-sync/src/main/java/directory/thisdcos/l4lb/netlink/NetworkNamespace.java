package directory.thisdcos.l4lb.netlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A network namespace: two paths with the same numbers lead to the same one (namespaces(7)).
 *
 * @param device of the file system nsfs
 * @param inode of the namespace within it
 */
public record NetworkNamespace(long device, long inode) {
    private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/ns/net");

    /** The one that a path leads to; empty if nothing is there, or nothing that can be read. */
    public static Optional<NetworkNamespace> at(Path path) {
        try {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino");
            return attributes.get("dev") instanceof Long device && attributes.get("ino") instanceof Long inode
                    ? Optional.of(new NetworkNamespace(device, inode))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** That of the calling thread. */
    public static Optional<NetworkNamespace> current() {
        return at(OF_THIS_THREAD);
    }

    /**
     * Moves the calling thread into a namespace, for good (setns(2)): sockets that it opens and what it reads below
     * {@code /proc/thread-self/net} and {@code /proc/sys/net} belong to that from now on, and so do threads that it starts.
     *
     * @throws NetlinkException nothing is there, or no network namespace
     */
    public static void enter(Path path) throws NetlinkException {
        int fd = LibC.calls().open(path.toString(), LibC.O_CLOEXEC);
        if (fd < 0) {
            throw new NetlinkException(LibC.errno(), "opening the network namespace " + path);
        }
        try {
            if (LibC.calls().setns(fd, LibC.CLONE_NEWNET) < 0) {
                throw new NetlinkException(LibC.errno(), "entering the network namespace " + path);
            }
        } finally {
            LibC.calls().close(fd);
        }
    }
}
