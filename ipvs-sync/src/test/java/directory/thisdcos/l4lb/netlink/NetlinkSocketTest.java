package directory.thisdcos.l4lb.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What can go wrong between us and a kernel, at this machine's own; nothing here needs a right. */
class NetlinkSocketTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int QUEUE_BYTES = 4 << 20;
    private static final int BUFFER_BYTES = 64 * 1024;

    /** No kernel has so many families. */
    private static final int UNKNOWN_FAMILY = 0x3f0;

    private static final int CONTROL_FAMILY = 0x10;
    private static final int GET_FAMILY = 3;
    private static final int NOOP = 1;

    private static NetlinkSocket socket(Duration timeout, int queueBytes, int bufferBytes) {
        return new NetlinkSocket(new NetlinkChannel(NetlinkSocket.NETLINK_GENERIC, timeout, queueBytes, bufferBytes));
    }

    private static MessageBuffer refused(int count) {
        MessageBuffer messages = new MessageBuffer();
        for (int i = 0; i < count; i++) {
            messages.generic(UNKNOWN_FAMILY, 1, 1, 0);
        }
        return messages;
    }

    private static MessageBuffer families() {
        return new MessageBuffer().generic(CONTROL_FAMILY, GET_FAMILY, 1, MessageBuffer.NLM_F_DUMP);
    }

    private static void assertStillWorks(NetlinkSocket socket) throws NetlinkException {
        assertEquals(
                List.of(Errno.ENOENT),
                IntStream.of(socket.execute(refused(1))).boxed().toList());
    }

    @Test
    void eachOfThousandsOfRefusalsIsTold() throws NetlinkException {
        try (NetlinkSocket socket = socket(TIMEOUT, QUEUE_BYTES, BUFFER_BYTES)) {
            int[] errors = new int[0];
            try {
                errors = socket.execute(refused(5000));
            } catch (NetlinkException e) {
                // Without CAP_NET_ADMIN the queue stays as small as the system's limit; then we must have noticed.
                assertEquals(Errno.ENOBUFS, e.errno());
            }
            assertTrue(IntStream.of(errors).allMatch(errno -> errno == Errno.ENOENT));
            assertStillWorks(socket);
        }
    }

    @Test
    void answersThatDidNotFitIntoTheQueueAreNoSuccess() throws NetlinkException {
        try (NetlinkSocket socket = socket(TIMEOUT, 16 * 1024, BUFFER_BYTES)) {
            NetlinkException lost = assertThrows(NetlinkException.class, () -> socket.execute(refused(1000)));
            assertEquals(Errno.ENOBUFS, lost.errno());
            assertStillWorks(socket);
        }
    }

    @Test
    void aTruncatedAnswerIsNoAnswer() throws NetlinkException {
        try (NetlinkSocket socket = socket(TIMEOUT, QUEUE_BYTES, 100)) {
            List<Integer> seen = new ArrayList<>();
            NetlinkException cut = assertThrows(
                    NetlinkException.class, () -> socket.dump(families(), (type, payload) -> seen.add(type)));
            assertEquals(Errno.EPROTO, cut.errno());
            assertTrue(String.valueOf(cut.getMessage()).contains("truncated"), cut::getMessage);
            assertEquals(List.of(), seen);
            assertStillWorks(socket);
        }
    }

    @Test
    void aKernelThatDoesNotAnswerIsLeftInTime() throws NetlinkException {
        Duration timeout = Duration.ofMillis(200);
        try (NetlinkSocket socket = socket(timeout, QUEUE_BYTES, BUFFER_BYTES)) {
            // Nobody answers a NOOP that does not ask for it.
            MessageBuffer unanswered = new MessageBuffer().message(NOOP, 0);
            long start = System.nanoTime();
            NetlinkException late = assertThrows(NetlinkException.class, () -> socket.request(unanswered));
            assertEquals(Errno.ETIMEDOUT, late.errno());
            assertTrue(System.nanoTime() - start >= timeout.toNanos());
            assertStillWorks(socket);
        }
    }

    @Test
    void aDumpIsReadToItsEnd() throws NetlinkException {
        try (NetlinkSocket socket = socket(TIMEOUT, QUEUE_BYTES, BUFFER_BYTES)) {
            List<ByteBuffer> seen = new ArrayList<>();
            socket.dump(families(), (type, payload) -> seen.add(payload));
            assertTrue(seen.size() > 1, "generic netlink has at least its own family and another");
            assertStillWorks(socket);
        }
    }
}
