package directory.thisdcos.l4lb.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * The file descriptor of a netlink socket: opened on first use and again after {@link #close}, so that no late answer of
 * a failed exchange is taken for another's. Runs on: one thread at a time.
 */
final class NetlinkChannel implements AutoCloseable {
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_GET_STRICT_CHK = 12;

    private static final int RECEIVE_QUEUE_BYTES = 4 << 20;

    /** A limit for one message, not memory in use: a whole nftables table is one message. */
    private static final int SEND_QUEUE_BYTES = 64 << 20;

    /** The kernel builds dump answers of up to 32 KiB when it sees a buffer that large; a truncated one is lost. */
    private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

    private static final int SOCKADDR_NL_BYTES = 12;

    private final int protocol;
    private final Duration timeout;
    private final int queueBytes;
    private final ByteBuffer in;
    private final ByteBuffer kernelAddress = address();
    private final ByteBuffer sender = direct(SOCKADDR_NL_BYTES);
    private final ByteBuffer senderLength = direct(4);
    private int fd = -1;

    /** Sees each message of the kernel; true when it was the last one. */
    @FunctionalInterface
    interface Exchange {
        boolean accept(int type, int answered, ByteBuffer payload) throws NetlinkException;
    }

    NetlinkChannel(int protocol, Duration timeout) {
        this(protocol, timeout, RECEIVE_QUEUE_BYTES, RECEIVE_BUFFER_BYTES);
    }

    /** One with other sizes, for tests of what happens when they are too small. */
    NetlinkChannel(int protocol, Duration timeout, int queueBytes, int bufferBytes) {
        this.protocol = protocol;
        this.timeout = timeout;
        this.queueBytes = queueBytes;
        this.in = direct(bufferBytes);
    }

    void open() throws NetlinkException {
        if (fd >= 0) {
            return;
        }
        fd = LibC.calls().socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, protocol);
        if (fd < 0) {
            throw new NetlinkException(LibC.errno(), "socket(AF_NETLINK, protocol " + protocol + ")");
        }
        if (LibC.calls().bind(fd, address(), SOCKADDR_NL_BYTES) < 0) {
            int errno = LibC.errno();
            close();
            throw new NetlinkException(errno, "bind of a netlink socket");
        }
        ByteBuffer timeval = direct(16).putLong(0, timeout.toSeconds()).putLong(8, timeout.toNanosPart() / 1000L);
        option(LibC.SOL_SOCKET, LibC.SO_RCVTIMEO, timeval);
        // The rest only helps: without CAP_NET_ADMIN the queues keep their default size, and reading works with that.
        option(LibC.SOL_SOCKET, LibC.SO_RCVBUF, integer(queueBytes));
        option(LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, integer(queueBytes));
        option(LibC.SOL_SOCKET, LibC.SO_SNDBUFFORCE, integer(SEND_QUEUE_BYTES));
        option(LibC.SOL_NETLINK, NETLINK_CAP_ACK, integer(1));
        option(LibC.SOL_NETLINK, NETLINK_GET_STRICT_CHK, integer(1));
    }

    private void option(int level, int name, ByteBuffer value) {
        LibC.calls().setsockopt(fd, level, name, value, value.capacity());
    }

    /** Sends the buffer's messages, from 0 to its position, and hands on what comes until the exchange is over. */
    void exchange(ByteBuffer out, Exchange exchange) throws NetlinkException {
        boolean complete = false;
        try {
            open();
            send(out);
            boolean last = false;
            while (!last) {
                last = receive(exchange);
            }
            complete = true;
        } catch (NetlinkException e) {
            // A refusal is a complete exchange; after anything else answers may still be on their way.
            complete = isRefusal(e);
            throw e;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private static boolean isRefusal(NetlinkException e) {
        return e.errno() != Errno.ETIMEDOUT
                && e.errno() != Errno.ENOBUFS
                && e.errno() != Errno.EPROTO
                && e.errno() != Errno.EMSGSIZE;
    }

    private void send(ByteBuffer out) throws NetlinkException {
        out.flip();
        long sent;
        do {
            sent = LibC.calls().sendto(fd, out, out.remaining(), 0, kernelAddress, SOCKADDR_NL_BYTES);
        } while (sent < 0 && LibC.errno() == Errno.EINTR);
        if (sent != out.remaining()) {
            throw new NetlinkException(sent < 0 ? LibC.errno() : Errno.EMSGSIZE, "sendto on a netlink socket");
        }
    }

    private boolean receive(Exchange exchange) throws NetlinkException {
        senderLength.putInt(0, SOCKADDR_NL_BYTES);
        in.clear();
        long length = LibC.calls().recvfrom(fd, in, in.capacity(), LibC.MSG_TRUNC, sender, senderLength);
        if (length < 0) {
            int errno = LibC.errno();
            if (errno == Errno.EINTR) {
                return false;
            }
            throw errno == Errno.EAGAIN
                    ? new NetlinkException(Errno.ETIMEDOUT, "no answer from the kernel within " + timeout)
                    : new NetlinkException(errno, "recvfrom on a netlink socket");
        }
        if (length > in.capacity()) {
            throw new NetlinkException(Errno.EPROTO, "an answer of " + length + " bytes was truncated");
        }
        // Only the kernel has port id 0; anybody may send to a netlink socket.
        if (sender.getInt(4) != 0) {
            return false;
        }
        boolean last = false;
        int end = (int) length;
        for (int at = 0; !last && at + MessageBuffer.HEADER_BYTES <= end; ) {
            int size = in.getInt(at);
            if (size < MessageBuffer.HEADER_BYTES || at + size > end) {
                throw new NetlinkException(Errno.EPROTO, "a message of " + size + " bytes at byte " + at);
            }
            ByteBuffer payload = in.slice(at + MessageBuffer.HEADER_BYTES, size - MessageBuffer.HEADER_BYTES)
                    .order(ByteOrder.nativeOrder());
            last = exchange.accept(
                    in.getShort(at + 4) & 0xffff, in.getInt(at + MessageBuffer.SEQUENCE_OFFSET), payload);
            at += Attributes.align(size);
        }
        return last;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            LibC.calls().close(fd);
            fd = -1;
        }
    }

    /** struct sockaddr_nl {u16 family, u16 pad, u32 port id, u32 groups}: the kernel's, or for bind any port id. */
    private static ByteBuffer address() {
        return direct(SOCKADDR_NL_BYTES).putShort(0, (short) LibC.AF_NETLINK);
    }

    private static ByteBuffer integer(int value) {
        return direct(4).putInt(0, value);
    }

    static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}
