package directory.thisdcos.l4lb.dns.server;

/** Sends answers that a resolver has made, from any thread. */
final class LateAnswers implements AutoCloseable {
    private final UdpSocket socket;
    private final MessageSlots slot;
    private int expected;
    private boolean closed;

    LateAnswers(UdpSocket socket) {
        this.socket = socket;
        this.slot = new MessageSlots(1, socket.isWildcard());
    }

    /** One more answer will come. */
    synchronized void expect() {
        expected++;
    }

    synchronized boolean isComplete() {
        return expected == 0;
    }

    synchronized void send(byte[] envelope, byte[] bytes) {
        expected--;
        if (!closed && bytes.length <= MessageSlots.DATA) {
            slot.restore(0, envelope);
            slot.answer(0, bytes, bytes.length);
            socket.send(slot, 0, 1);
        }
    }

    /** After this the socket's number may be another socket's. */
    @Override
    public synchronized void close() {
        closed = true;
    }
}
