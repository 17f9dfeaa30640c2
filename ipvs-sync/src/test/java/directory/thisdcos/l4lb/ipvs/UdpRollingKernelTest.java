package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.State;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Twenty UDP backends are replaced one by one, and stop as soon as they are out of the kernel, while clients ask from a
 * new socket each time, and others always from the same.
 */
@Tag("kernel")
class UdpRollingKernelTest {
    private static final int BACKENDS = 20;
    private static final int FIRST_PORT = 9000;
    private static final int REQUESTS_PER_STEP = 10;
    private static final int TIMEOUT_MILLIS = 5000;

    /** The emulated machine takes its time to answer. */
    private static final DrainLimits LIMITS = new DrainLimits(Duration.ofMinutes(1), Duration.ofSeconds(1));

    private static LabNet net;

    @TempDir
    private Path directory;

    @BeforeAll
    static void network() throws IOException {
        Lab.clean();
        net = LabNet.make(2);
    }

    @AfterAll
    static void end() throws IOException {
        net.close();
    }

    @BeforeEach
    void clean() {
        Lab.clean();
    }

    private static State state(Scheduler scheduler, int replaced) {
        String[] backends = new String[BACKENDS];
        for (int i = 0; i < BACKENDS; i++) {
            backends[i] = (i < replaced ? "10.1.0.3:" : "10.1.0.2:") + (FIRST_PORT + i);
        }
        return new States()
                .name("web", "11.0.0.1")
                .service(States.name("web"), Protocol.UDP, 53, Balancing.of(scheduler), backends)
                .build();
    }

    /** What clients did. */
    private static final class Load {
        final AtomicBoolean stop = new AtomicBoolean();
        final AtomicInteger requests = new AtomicInteger();
        final Queue<String> lost = new ConcurrentLinkedQueue<>();
        final Queue<Character> last = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads = new ArrayList<>();

        void start(String namespace, boolean sameSocket) {
            Thread thread = new Thread(() -> run(namespace, sameSocket), "load " + namespace);
            thread.start();
            threads.add(thread);
        }

        private void run(String namespace, boolean sameSocket) {
            try {
                Namespace.in(namespace, () -> {
                    ask(namespace, sameSocket);
                    return "";
                });
            } catch (IOException e) {
                lost.add("from '" + namespace + "': " + e);
            }
        }

        private void ask(String namespace, boolean sameSocket) throws IOException {
            char server = '-';
            int number = 0;
            while (!stop.get()) {
                try (DatagramSocket socket = new DatagramSocket()) {
                    socket.setSoTimeout(TIMEOUT_MILLIS);
                    socket.connect(new InetSocketAddress(Ip.of("11.0.0.1").toInetAddress(), 53));
                    do {
                        server = exchange(socket, "q" + number++);
                        requests.incrementAndGet();
                    } while (sameSocket && !stop.get());
                } catch (IOException e) {
                    // No answer in time; or on this host an error of send, when the server went at that very moment.
                    lost.add("from '" + namespace + "' after '" + server + "': " + e);
                }
            }
            last.add(server);
        }

        private static char exchange(DatagramSocket socket, String question) throws IOException {
            byte[] out = question.getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(out, out.length));
            byte[] in = new byte[64];
            while (true) {
                DatagramPacket answer = new DatagramPacket(in, in.length);
                socket.receive(answer);
                String text = new String(in, 0, answer.getLength(), StandardCharsets.US_ASCII);
                if (text.substring(1).equals(question)) {
                    return text.charAt(0);
                }
            }
        }

        void awaitMore(int more) throws InterruptedException {
            int until = requests.get() + more;
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (requests.get() < until && lost.isEmpty()) {
                assertTrue(System.nanoTime() < deadline, "no requests for a minute");
                Thread.sleep(5);
            }
        }

        void join() throws InterruptedException {
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Scheduler.class,
            names = {"RR", "WLC", "SH", "MH"})
    void noRequestIsLostWhileAllBackendsAreReplaced(Scheduler scheduler) throws Exception {
        List<UdpServer> old = new ArrayList<>();
        List<UdpServer> fresh = new ArrayList<>();
        for (int i = 0; i < BACKENDS; i++) {
            old.add(UdpServer.start("be1", FIRST_PORT + i, 'o'));
            fresh.add(UdpServer.start("be2", FIRST_PORT + i, 'n'));
        }
        Load load = new Load();
        Load senders = new Load();
        try (IpvsSync sync = Lab.open(Lab.settings(directory, IpvsMode.ON).withDrain(LIMITS))) {
            sync.apply(state(scheduler, 0));
            for (String namespace : List.of("cl", "")) {
                load.start(namespace, false);
                senders.start(namespace, true);
            }
            load.awaitMore(REQUESTS_PER_STEP);
            for (int replaced = 1; replaced <= BACKENDS; replaced++) {
                sync.apply(state(scheduler, replaced));
                load.awaitMore(REQUESTS_PER_STEP);
                String kernel = Lab.ipvsadm();
                for (int i = 0; i < BACKENDS; i++) {
                    if (!kernel.contains("10.1.0.2:" + (FIRST_PORT + i) + " ")) {
                        old.get(i).close();
                    }
                }
            }
            awaitNoDrains(sync);
            load.awaitMore(REQUESTS_PER_STEP);
            load.join();
            senders.join();
            assertEquals(List.of(), List.copyOf(load.lost));
            assertTrue(senders.lost.size() <= BACKENDS, senders.lost::toString);
            load.last.forEach(server -> assertEquals('n', server));
            senders.last.forEach(server -> assertEquals('n', server));
            Lab.witness("R5, R7: UDP " + scheduler.text() + ": " + BACKENDS + " backends replaced under load, "
                    + load.requests + " requests from new sockets, 0 lost; " + senders.requests
                    + " from the same sockets, " + senders.lost.size() + " lost");
        } finally {
            load.join();
            senders.join();
            old.forEach(UdpServer::close);
            fresh.forEach(UdpServer::close);
        }
    }

    private static void awaitNoDrains(IpvsSync sync) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!sync.status().drains().isEmpty()) {
            assertTrue(System.nanoTime() < deadline, "still draining after a minute");
            Thread.sleep(20);
        }
    }
}
