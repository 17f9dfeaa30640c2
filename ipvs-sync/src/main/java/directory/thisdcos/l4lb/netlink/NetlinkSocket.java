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
 * for an acknowledgement: the kernel handles messages in order, so when it comes, all errors have come.
 */
public final class NetlinkSocket implements AutoCloseable {
    public static final int NETLINK_ROUTE = 0;
    public static final int NETLINK_NETFILTER = 12;
    public static final int NETLINK_GENERIC = 16;

    private static final int NLMSG_NOOP = 1;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;

    /** An error answer costs 768 bytes of receive buffer: 1,500 of them fit well into 4 MiB. */
    private static final int MAX_BATCH_MESSAGES = 1500;

    /** Below the default SO_SNDBUF of 212,992 bytes, which limits one sendto. */
    private static final int MAX_BATCH_BYTES = 180 * 1024;

    /** For the barrier, and for a first message that is longer than a batch should be. */
    private static final int SPARE_BYTES = 128 * 1024;

    private final NetlinkChannel channel;
    private ByteBuffer out = NetlinkChannel.direct(MAX_BATCH_BYTES + SPARE_BYTES);
    private int sequence = 1;

    /** Receives one answer: its message type and the bytes after the netlink header, valid during the call. */
    @FunctionalInterface
    public interface Receiver {
        void accept(int type, ByteBuffer payload) throws NetlinkException;
    }

    NetlinkSocket(NetlinkChannel channel) {
        this.channel = channel;
    }

    /** Opens a socket in the calling thread's network namespace; no single wait lasts longer than {@code timeout}. */
    public static NetlinkSocket open(int protocol, Duration timeout) throws NetlinkException {
        NetlinkSocket socket = unopened(protocol, timeout);
        socket.channel.open();
        return socket;
    }

    /** One that opens with its first exchange, which fails where the kernel lacks the protocol. */
    public static NetlinkSocket unopened(int protocol, Duration timeout) {
        return new NetlinkSocket(new NetlinkChannel(protocol, timeout));
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
            channel.exchange(out, (type, answered, payload) -> {
                int index = answered - firstSequence;
                if (type == NLMSG_ERROR && index >= 0 && index < barrier - firstSequence) {
                    errors[offset + index] = errno(payload);
                }
                return type == NLMSG_ERROR && answered == barrier;
            });
            first = end;
        }
        return errors;
    }

    /**
     * Sends all messages in one system call, for a subsystem that does all of them or none (nfnetlink: the first message
     * begins the batch, the last one ends it). The one before the last must ask for an acknowledgement.
     *
     * @return for each message 0, or the errno with which the kernel refused it, and then nothing is done
     * @throws NetlinkException the batch as a whole was refused, or answers were lost
     */
    public int[] transaction(MessageBuffer messages) throws NetlinkException {
        int[] errors = new int[messages.count()];
        int first = take(messages.count());
        int acknowledged = first + messages.count() - 2;
        if (messages.size() > out.capacity()) {
            out = NetlinkChannel.direct(messages.size());
        }
        out.clear();
        messages.copyTo(out, 0, messages.count(), first);
        channel.exchange(out, (type, answered, payload) -> {
            int index = answered - first;
            if (type != NLMSG_ERROR || index < 0 || index >= errors.length) {
                return false;
            }
            errors[index] = errno(payload);
            if (index == 0 && errors[0] != 0) {
                throw new NetlinkException(errors[0], "the kernel refused a batch");
            }
            return answered == acknowledged;
        });
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
        channel.exchange(out, (type, answered, payload) -> {
            if (answered != ours) {
                return false;
            }
            if (type == NLMSG_ERROR || type == NLMSG_DONE) {
                // NLMSG_DONE of a dump may carry an error too; an acknowledgement is an error 0.
                int errno = payload.remaining() >= 4 ? errno(payload) : 0;
                if (errno > 0) {
                    throw new NetlinkException(errno, "the kernel refused a request");
                }
                return true;
            }
            receiver.accept(type, payload);
            return false;
        });
    }

    private static int errno(ByteBuffer payload) {
        return -payload.getInt(payload.position());
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
        channel.close();
    }
}
