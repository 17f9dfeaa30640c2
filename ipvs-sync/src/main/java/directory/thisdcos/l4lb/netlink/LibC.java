package directory.thisdcos.l4lb.netlink;

import java.nio.ByteBuffer;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The system calls that Java lacks, and their constants for Linux (the same on amd64 and arm64). */
final class LibC {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_NETLINK = 16;
    static final int IPPROTO_RAW = 255;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_RCVBUF = 8;
    static final int SO_RCVTIMEO = 20;
    static final int SO_SNDBUFFORCE = 32;
    static final int SO_RCVBUFFORCE = 33;
    static final int SOL_NETLINK = 270;
    static final int O_CLOEXEC = 0x80000;
    static final int CLONE_NEWNET = 0x40000000;

    /** In recv on netlink: return the datagram's real length even if the buffer is shorter. */
    static final int MSG_TRUNC = 0x20;

    /** Public because the class that jnr-ffi generates lives in a class loader of its own. Buffers are direct. */
    public interface Calls {
        @SaveError
        int socket(int domain, int type, int protocol);

        @SaveError
        int bind(int fd, @In ByteBuffer address, int length);

        @SaveError
        int setsockopt(int fd, int level, int name, @In ByteBuffer value, int length);

        @SaveError
        @ssize_t
        long sendto(int fd, @In ByteBuffer bytes, @size_t long length, int flags, @In ByteBuffer to, int toLength);

        @SaveError
        @ssize_t
        long recvfrom(
                int fd,
                @Out ByteBuffer bytes,
                @size_t long length,
                int flags,
                @Out ByteBuffer from,
                ByteBuffer fromLength);

        @SaveError
        int getsockopt(int fd, int level, int name, ByteBuffer value, ByteBuffer length);

        @SaveError
        int open(String path, int flags);

        @SaveError
        int setns(int fd, int type);

        int close(int fd);
    }

    /** Loading waits for the first use: a machine without netlink can still run everything else. */
    private static final class Loaded {
        static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");
        static final Runtime RUNTIME = Runtime.getRuntime(CALLS);
    }

    private LibC() {}

    static Calls calls() {
        return Loaded.CALLS;
    }

    /** The error of this thread's last call. */
    static int errno() {
        return LastError.getLastError(Loaded.RUNTIME);
    }
}
