package directory.thisdcos.l4lb.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One netlink socket of one protocol. Runs on: one thread at a time (its owner sees to that).
 *
 * <p>Requests of a batch carry no NLM_F_ACK: only {@code SO_RCVBUF / 768} acknowledgements fit into the receive buffer
 * and the rest would be lost, while errors are always answered. The last message of a batch is a NLMSG_NOOP that asks
 * for an acknowledgement: the kernel handles messages in order, so when it comes, all errors have come. After a failed
 * exchange the socket is opened anew, so that no late answer is taken for another's.
 */
public final class NetlinkSocket implements AutoCloseable {
    public static final int NETLINK_ROUTE = 0;
    public static final int NETLINK_GENERIC = 16;

    private static final int NLMSG_NOOP = 1;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_GET_STRICT_CHK = 12;

    /** An error answer costs 768 bytes of receive buffer: 1,500 of them fit well into {@link #RECEIVE_QUEUE_BYTES}. */
    private static final int MAX_BATCH_MESSAGES = 1500;

    /** Below the default SO_SNDBUF of 212,992 bytes, which limits one sendto. */
    private static final int MAX_BATCH_BYTES = 180 * 1024;

    private static final int RECEIVE_QUEUE_BYTES = 4 << 20;

    /** The kernel builds dump answers of up to 32 KiB when it sees a buffer that large; a truncated one is lost. */
    private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

    private static final int SOCKADDR_NL_BYTES = 12;

    private final int protocol;
    private final Duration timeout;
    private final ByteBuffer out = direct(MAX_BATCH_BYTES + 2 * RECEIVE_BUFFER_BYTES);
    private final ByteBuffer in = direct(RECEIVE_BUFFER_BYTES);
    private final ByteBuffer kernelAddress = address();
    private final ByteBuffer sender = direct(SOCKADDR_NL_BYTES);
    private final ByteBuffer senderLength = direct(4);
    private int fd = -1;
    private int sequence = 1;

    /** Receives one answer: its message type and the bytes after the netlink header, valid during the call. */
    @FunctionalInterface
    public interface Receiver {
        void accept(int type, ByteBuffer payload) throws NetlinkException;
    }

    private NetlinkSocket(int protocol, Duration timeout) {
        this.protocol = protocol;
        this.timeout = timeout;
    }

    /** Opens a socket in the calling thread's network namespace; no single wait lasts longer than {@code timeout}. */
    public static NetlinkSocket open(int protocol, Duration timeout) throws NetlinkException {
        NetlinkSocket socket = new NetlinkSocket(protocol, timeout);
        socket.open();
        return socket;
    }

    private void open() throws NetlinkException {
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
        option(LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, integer(RECEIVE_QUEUE_BYTES));
        option(LibC.SOL_SOCKET, LibC.SO_SNDBUFFORCE, integer(RECEIVE_QUEUE_BYTES));
        option(LibC.SOL_NETLINK, NETLINK_CAP_ACK, integer(1));
        option(LibC.SOL_NETLINK, NETLINK_GET_STRICT_CHK, integer(1));
    }

    private void option(int level, int name, ByteBuffer value) {
        LibC.calls().setsockopt(fd, level, name, value, value.capacity());
    }

    /**
     * Sends all messages, in order, and waits until the kernel has handled them.
     *
     * @return for each message 0, or the errno with which the kernel refused it; the others are done nonetheless
     * @throws NetlinkException if answers were lost: then it is unknown which messages were refused
     */
    public int[] execute(MessageBuffer messages) throws NetlinkException {
        int[] errors = new int[messages.count()];
        for (int first = 0; first < messages.count(); ) {
            int end = messages.endOfBatch(first, MAX_BATCH_BYTES, MAX_BATCH_MESSAGES);
            int firstSequence = take(end - first + 1);
            int barrier = firstSequence + end - first;
            out.clear();
            messages.copyTo(out, first, end, firstSequence);
            out.putInt(MessageBuffer.HEADER_BYTES)
                    .putShort((short) NLMSG_NOOP)
                    .putShort((short) (MessageBuffer.NLM_F_REQUEST | MessageBuffer.NLM_F_ACK))
                    .putInt(barrier)
                    .putInt(0);
            int offset = first;
            exchange(new Exchange() {
                @Override
                public boolean accept(int type, int answered, ByteBuffer payload) {
                    int index = answered - firstSequence;
                    if (type == NLMSG_ERROR && index >= 0 && answered != barrier && index < barrier - firstSequence) {
                        errors[offset + index] = -payload.getInt(payload.position());
                    }
                    return type == NLMSG_ERROR && answered == barrier;
                }
            });
            first = end;
        }
        return errors;
    }

    /** Sends one message that asks for a dump and passes on every answer. A refusal is an exception. */
    public void dump(MessageBuffer request, Receiver receiver) throws NetlinkException {
        ask(request, receiver);
    }

    /** Sends one message with NLM_F_ACK and returns its answers' payloads as copies. A refusal is an exception. */
    public List<ByteBuffer> request(MessageBuffer request) throws NetlinkException {
        List<ByteBuffer> answers = new ArrayList<>();
        ask(request, (type, payload) -> {
            ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).order(ByteOrder.nativeOrder());
            answers.add(copy.put(payload).flip());
        });
        return answers;
    }

    private void ask(MessageBuffer request, Receiver receiver) throws NetlinkException {
        if (request.count() != 1) {
            throw new IllegalArgumentException("one request, not " + request.count());
        }
        int ours = take(1);
        out.clear();
        request.copyTo(out, 0, 1, ours);
        exchange((type, answered, payload) -> {
            if (answered != ours) {
                return false;
            }
            if (type == NLMSG_ERROR || type == NLMSG_DONE) {
                // NLMSG_DONE of a dump may carry an error too; an acknowledgement is an error 0.
                int errno = payload.remaining() >= 4 ? -payload.getInt(payload.position()) : 0;
                if (errno > 0) {
                    throw new NetlinkException(errno, "the kernel refused a request");
                }
                return true;
            }
            receiver.accept(type, payload);
            return false;
        });
    }

    /** Sees each answer; true when the last one has come. */
    private interface Exchange {
        boolean accept(int type, int answered, ByteBuffer payload) throws NetlinkException;
    }

    private void exchange(Exchange exchange) throws NetlinkException {
        boolean complete = false;
        try {
            if (fd < 0) {
                open();
            }
            send();
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

    private void send() throws NetlinkException {
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

    private int take(int count) {
        // Numbers start anew long before they could overflow; an old answer cannot be that late.
        if (sequence > Integer.MAX_VALUE - count - 1) {
            sequence = 1;
        }
        int first = sequence;
        sequence += count;
        return first;
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

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}
