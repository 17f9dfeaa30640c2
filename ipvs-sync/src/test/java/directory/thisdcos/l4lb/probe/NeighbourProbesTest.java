package directory.thisdcos.l4lb.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Real connections over loopback. */
final class NeighbourProbesTest {
    private static final ProbeSettings FAST = new ProbeSettings(Duration.ofMillis(20), Duration.ofMillis(20), 3, 2);

    private final CountDownLatch witness = new CountDownLatch(1);
    private final AtomicInteger doubts = new AtomicInteger();
    private final NeighbourProbes.Listener listener = new NeighbourProbes.Listener() {
        @Override
        public void witnessChanged() {
            witness.countDown();
        }

        @Override
        public void neighboursDoubted() {
            doubts.incrementAndGet();
        }
    };

    private NeighbourProbes open() throws IOException {
        return NeighbourProbes.open(FAST, Endpoint.parse("127.0.0.1:0"), listener, new PrometheusRegistry());
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not in time");
            Thread.onSpinWait();
        }
    }

    @Test
    void aMachineWhoseKernelDoesNotAnswerIsLostAndComesBack() throws Exception {
        try (NeighbourProbes probes = open();
                FullServer server = new FullServer()) {
            probes.neighbours(List.of(new Neighbour("other", server.endpoint())));
            await(() -> server.accepted.get() > 2);
            assertEquals(Set.of(), probes.unreachable());
            server.fall();
            assertTrue(witness.await(20, TimeUnit.SECONDS));
            assertEquals(Set.of(Ip.of("127.0.0.1")), probes.unreachable());
            server.rise();
            await(() -> probes.unreachable().isEmpty());
        }
    }

    @Test
    void aProgramThatEndedLeavesAMachineThatAnswers() throws Exception {
        try (NeighbourProbes probes = open()) {
            NeighbourProbes other = open();
            probes.neighbours(List.of(new Neighbour("other", Endpoint.parse("127.0.0.1:" + other.port()))));
            await(() -> doubts.get() > 0);
            int before = doubts.get();
            other.close();
            await(() -> doubts.get() > before + 10);
            assertEquals(Set.of(), probes.unreachable(), "refused again and again, and never lost");
        }
    }

    @Test
    void aStrangerIsDoubtedOnce() throws Exception {
        try (NeighbourProbes probes = open()) {
            for (int i = 0; i < 5; i++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), probes.port())) {
                    socket.setSoTimeout(20_000);
                    assertThrowsOrEnds(socket);
                }
            }
            assertEquals(1, doubts.get());
        }
    }

    private static void assertThrowsOrEnds(Socket socket) {
        try {
            assertEquals(-1, socket.getInputStream().read());
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.toString());
        }
    }

    @Test
    void aPortInUseIsSaidAndAnotherMayBeTried() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        try (NeighbourProbes probes = open()) {
            IOException e = assertThrows(
                    IOException.class,
                    () -> NeighbourProbes.open(FAST, Endpoint.parse("127.0.0.1:" + probes.port()), listener, registry));
            assertTrue(String.valueOf(e.getMessage()).contains("cannot listen at"), e.toString());
            NeighbourProbes.open(FAST, Endpoint.parse("127.0.0.1:0"), listener, registry)
                    .close();
        }
    }

    /** A port whose queue can be full, so that the kernel drops what comes: as close to silence as loopback gets. */
    private static final class FullServer implements AutoCloseable {
        final AtomicInteger accepted = new AtomicInteger();
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private volatile boolean accepts = true;
        private final Thread thread = new Thread(this::run, "full-server");

        FullServer() throws IOException {
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            while (!server.isClosed()) {
                if (!accepts) {
                    Thread.onSpinWait();
                    continue;
                }
                try {
                    server.setSoTimeout(20);
                    server.accept().close();
                    accepted.incrementAndGet();
                } catch (java.net.SocketTimeoutException e) {
                    // Looks again whether it should go on.
                } catch (IOException e) {
                    return;
                }
            }
        }

        Endpoint endpoint() {
            return Endpoint.parse("127.0.0.1:" + server.getLocalPort());
        }

        void fall() {
            accepts = false;
        }

        void rise() {
            accepts = true;
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
