package directory.thisdcos.l4lb.netlink;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A lock that exists once in each network namespace and goes with its process, however that ends: a Unix socket with an
 * abstract name (unix(7)), which belongs to the namespace and not to a file system.
 */
public final class NamespaceLock implements AutoCloseable {
    private final int fd;

    private NamespaceLock(int fd) {
        this.fd = fd;
    }

    /** Takes the lock; empty if somebody has it. */
    public static Optional<NamespaceLock> take(String name) throws NetlinkException {
        int fd = LibC.calls().socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new NetlinkException(LibC.errno(), "socket(AF_UNIX)");
        }
        byte[] text = name.getBytes(US_ASCII);
        // struct sockaddr_un: u16 family, then the name; a first octet of 0 makes it abstract.
        ByteBuffer address = ByteBuffer.allocateDirect(3 + text.length).order(ByteOrder.nativeOrder());
        address.putShort((short) LibC.AF_UNIX).put((byte) 0).put(text).flip();
        if (LibC.calls().bind(fd, address, address.limit()) < 0) {
            int errno = LibC.errno();
            LibC.calls().close(fd);
            if (errno == Errno.EADDRINUSE) {
                return Optional.empty();
            }
            throw new NetlinkException(errno, "bind of the lock '" + name + "'");
        }
        return Optional.of(new NamespaceLock(fd));
    }

    @Override
    public void close() {
        LibC.calls().close(fd);
    }
}
