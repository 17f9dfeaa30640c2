package directory.thisdcos.l4lb.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** One server takes the addresses over from another while clients ask without a pause and without a second try. */
class HandOverTest {
    private static final int CLIENTS = 3;
    private static final int TURNS = 4;
    /** Of each client and kind, before and after each turn. */
    private static final int ENOUGH = 300;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final byte[] query = query();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> lost = java.util.Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> clients = new ArrayList<>();
    private DnsServer server = server(Endpoint.parse("127.0.0.1:0"));

    private static byte[] query() {
        try {
            return Message.newQuery(Record.newRecord(
                            Name.fromString("web.marathon.l4lb.thisdcos.directory."), Type.A, DClass.IN))
                    .toWire();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static DnsServer server(Endpoint listen) {
        PrometheusRegistry registry = new PrometheusRegistry();
        return new DnsServer(
                DnsSettings.of(List.of(listen), List.of(), Optional.empty()),
                registry,
                new ProblemBoard(registry, InstantSource.system()));
    }

    @AfterEach
    void close() throws InterruptedException {
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }
        server.close();
    }

    @Test
    void noQueryIsLost() throws IOException, InterruptedException {
        server.start();
        server.publish(Tables.small(), Set.of());
        Endpoint address = server.listening().get(0);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Thread(() -> askOverUdp(address.port()), "udp-" + i));
        }
        clients.add(new Thread(() -> askOverTcp(address.port()), "tcp"));
        clients.forEach(Thread::start);
        for (int turn = 0; turn < TURNS; turn++) {
            awaitAnswers();
            DnsServer next = server(address);
            next.publish(Tables.small(), Set.of());
            next.startBesideAnother();
            awaitAnswers();
            server.close();
            server = next;
        }
        awaitAnswers();
        assertEquals(List.of(), lost);
    }

    /** It came to the old server, so the new one cannot answer it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10})
    void aConnectionWhoseFirstQueryIsUnderWayGetsItsAnswer(int octetsBefore) throws Exception {
        server.start();
        server.publish(Tables.small(), Set.of());
        int port = server.listening().get(0).port();
        byte[] framed = framed();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(framed, 0, octetsBefore);
            // Accepted in the order of their coming, so the first is too.
            askOnce(port);
            Thread closing = new Thread(() -> server.close(), "closing");
            closing.start();
            awaitRefusal(port);
            socket.getOutputStream().write(framed, octetsBefore, framed.length - octetsBefore);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readFully(new byte[in.readUnsignedShort()]);
            assertEquals(-1, in.read(), "closed after its answer");
            closing.join();
        }
    }

    private static void awaitRefusal(int port) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertTrue(System.nanoTime() < deadline, "still listens: " + socket);
                Thread.sleep(1);
            } catch (IOException e) {
                return;
            }
        }
    }

    @Test
    void aServerThatWasNotToldToFindsTheAddressTaken() throws IOException {
        server.start();
        try (DnsServer second = server(server.listening().get(0))) {
            IOException refusal = assertThrows(IOException.class, second::start);
            assertTrue(String.valueOf(refusal.getMessage()).contains("another program uses this port"));
        }
    }

    private void awaitAnswers() throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        int enough = answered.get() + ENOUGH * CLIENTS;
        while (answered.get() < enough) {
            assertTrue(System.nanoTime() < deadline, "answered " + answered + " of " + enough + ", lost " + lost);
            Thread.sleep(1);
        }
    }

    /** Each with a port of its own: that is by which the kernel chooses a socket. */
    private void askOverUdp(int port) {
        while (!over.get()) {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(5_000);
                for (int i = 0; i < 3; i++) {
                    socket.send(new DatagramPacket(query, query.length));
                    socket.receive(new DatagramPacket(new byte[512], 512));
                    answered.incrementAndGet();
                }
            } catch (IOException e) {
                lost.add("UDP " + e);
            }
        }
    }

    private void askOverTcp(int port) {
        while (!over.get()) {
            try {
                askOnce(port);
            } catch (IOException e) {
                lost.add("TCP " + e);
            }
        }
    }

    private void askOnce(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(framed());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readFully(new byte[in.readUnsignedShort()]);
        }
    }

    private byte[] framed() {
        byte[] framed = new byte[2 + query.length];
        framed[1] = (byte) query.length;
        System.arraycopy(query, 0, framed, 2, query.length);
        return framed;
    }
}
