package directory.thisdcos.l4lb.dns.server;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.SaveError;

/**
 * The socket calls that Java lacks, with the constants of Linux (the same on amd64 and arm64). Those of the hot path do
 * not save errno, which halves what a call costs.
 */
final class UdpCalls {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_REUSEPORT = 15;
    static final int SO_RCVTIMEO = 20;
    static final int SO_SNDBUFFORCE = 32;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_ATTACH_REUSEPORT_CBPF = 51;
    static final int IPPROTO_IP = 0;
    static final int IP_PKTINFO = 8;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_RECVPKTINFO = 49;
    static final int IPV6_PKTINFO = 50;
    static final int SOL_UDP = 17;
    static final int UDP_SEGMENT = 103;
    /** Return as soon as one message is there, with all that are there too. */
    static final int MSG_WAITFORONE = 0x10000;

    static final int MSG_DONTWAIT = 0x40;

    static final int SHUT_RD = 0;

    /** Public because the class that jnr-ffi generates lives in a class loader of its own. Memory is by address. */
    public interface Calls {
        @SaveError
        int socket(int domain, int type, int protocol);

        @SaveError
        int bind(int fd, @In byte[] address, int length);

        @SaveError
        int connect(int fd, @In byte[] address, int length);

        @SaveError
        int setsockopt(int fd, int level, int name, @In byte[] value, int length);

        @IgnoreError
        int recvmmsg(int fd, long messages, int count, int flags, long timeout);

        @IgnoreError
        int sendmmsg(int fd, long messages, int count, int flags);

        @IgnoreError
        String strerror(int error);

        @IgnoreError
        int shutdown(int fd, int how);

        @IgnoreError
        int close(int fd);
    }

    /** Loading waits for the first use and may fail: then the portable transport serves. */
    private static final class Loaded {
        static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");
        static final Runtime RUNTIME = Runtime.getRuntime(CALLS);
    }

    private UdpCalls() {}

    static Calls calls() {
        return Loaded.CALLS;
    }

    static Runtime runtime() {
        return Loaded.RUNTIME;
    }

    /** Whether this is a 64-bit Linux of little-endian order on which the library loads. */
    static boolean isAvailable() {
        boolean layoutKnown = System.getProperty("os.name", "").equals("Linux")
                && java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN;
        try {
            return layoutKnown && Loaded.RUNTIME.addressSize() == Long.BYTES;
        } catch (LinkageError e) {
            return false;
        }
    }
}
