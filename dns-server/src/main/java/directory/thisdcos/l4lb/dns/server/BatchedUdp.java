package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.dns.answer.Answerer;
import directory.thisdcos.l4lb.dns.answer.Transport;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one UDP socket with one thread and two system calls for a batch of queries, whatever its size: what is there is
 * received, answered in place and sent.
 */
final class BatchedUdp implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BatchedUdp.class);
    private static final int BATCH = Answerer.MAX_AHEAD;
    /** So many queries wait for memory together; fewer are answered one by one. */
    private static final int MIN_AHEAD = 4;
    /** Instead of a length, where no client could get an answer. */
    private static final int NOBODY = -1;

    /** Longer than a resolver has to answer. */
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** How long a message may still arrive that the kernel was just bringing when the socket left. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long CLOSE_MILLIS = 4_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Engine engine;
    private final UdpSocket socket;
    private final Answerer answerer;
    private final MessageSlots slots;
    private final ClientAddresses clients = new ClientAddresses();
    private final byte[][] requests = new byte[BATCH][MessageSlots.DATA];
    private final int[] lengths = new int[BATCH];
    private final byte[] response = new byte[Answerer.bufferSize(Transport.UDP)];
    private final boolean[] answered = new boolean[BATCH];
    private final LateAnswers late;
    /** Of a socket with one address: the other one's answers tell the kernel more than where they go. */
    private final @Nullable SharedPackets shared;

    private final Thread thread;
    private volatile boolean closed;

    BatchedUdp(Engine engine, UdpSocket socket, String name) {
        this.engine = engine;
        this.socket = socket;
        this.answerer = engine.newAnswerer();
        this.slots = new MessageSlots(BATCH, socket.isWildcard());
        this.late = new LateAnswers(socket);
        this.shared = !socket.isWildcard() && socket.takesApart() ? new SharedPackets(BATCH) : null;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            serve();
            drain();
        } finally {
            if (!closed) {
                // The kernel gives our share of the clients to the other threads.
                log.error("a thread that answers DNS has died; its socket is closed");
                late.close();
                socket.close();
            }
        }
    }

    private void serve() {
        while (!closed) {
            int received = socket.receive(slots);
            if (received <= 0) {
                // A time-out, an interruption, or an error of a client that is gone.
                LockSupport.parkNanos(closed ? 0 : PAUSE_NANOS);
                continue;
            }
            answerAll(received);
        }
    }

    /** Answers what had arrived when the socket {@link #leave left}, and waits for the answers of resolvers. */
    private void drain() {
        long began = System.nanoTime();
        long quietSince = began;
        while (true) {
            int received = socket.receiveWaiting(slots);
            long now = System.nanoTime();
            if (received > 0) {
                answerAll(received);
                quietSince = now;
            } else if (now - began > DRAIN_NANOS || (now - quietSince > GRACE_NANOS && late.isComplete())) {
                return;
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void answerAll(int received) {
        long began = System.nanoTime();
        for (int i = 0; i < received; i++) {
            lengths[i] = slots.clientPort(i) == 0 ? NOBODY : slots.receive(i, requests[i]);
        }
        boolean ahead = received >= MIN_AHEAD;
        if (ahead) {
            answerer.lookAhead(requests, lengths, received);
        }
        for (int i = 0; i < received; i++) {
            answered[i] = answer(i, ahead);
        }
        send(received);
        answerer.took(System.nanoTime() - began);
        for (int i = 0; i < received; i++) {
            slots.reset(i);
        }
    }

    private boolean answer(int slot, boolean ahead) {
        if (lengths[slot] == NOBODY) {
            return false;
        }
        try {
            InetAddress client = clients.of(slots, slot);
            int size = ahead
                    ? answerer.answerAhead(slot, requests[slot], lengths[slot], Transport.UDP, client, response)
                    : answerer.answer(requests[slot], lengths[slot], Transport.UDP, client, response);
            if (size > 0) {
                slots.answer(slot, response, size);
                return true;
            }
            if (size == Answerer.DEFERRED) {
                byte[] envelope = slots.envelope(slot);
                late.expect();
                engine.defer(answerer.deferred(), bytes -> late.send(envelope, bytes));
            }
        } catch (RuntimeException e) {
            // The thread's top: no packet may end it.
            log.error("a query could not be answered", e);
        }
        return false;
    }

    /** Sends the answered slots; those without an answer split them into runs. */
    private void send(int received) {
        if (shared != null && received >= SharedPackets.MIN_SHARED && shared.send(socket, slots, answered, received)) {
            return;
        }
        for (int from = 0; from < received; from++) {
            if (!answered[from]) {
                continue;
            }
            int to = from + 1;
            while (to < received && answered[to]) {
                to++;
            }
            socket.send(slots, from, to);
            from = to;
        }
    }

    /** Gets no more queries, so that closing loses none; another socket of the address gets them, if there is one. */
    void leave() {
        socket.leave();
    }

    @Override
    public void close() {
        closed = true;
        socket.wake();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        late.close();
        socket.close();
    }
}
