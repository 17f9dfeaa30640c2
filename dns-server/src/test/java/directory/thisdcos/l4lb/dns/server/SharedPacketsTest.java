package directory.thisdcos.l4lb.dns.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that share packets, through real sockets: every client gets what it would get otherwise. */
final class SharedPacketsTest {
    private static final int BATCH = 64;
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int SOL_SOCKET = UdpCalls.SOL_SOCKET;
    /** With it the kernel refuses to take packets apart (Linux, udp_send_skb). */
    private static final int SO_NO_CHECK = 11;

    /** What a client asks, and what it is to get; an empty answer is none. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Exchange(int client, byte[] answer) {}

    @BeforeAll
    static void needsLinux() {
        assumeTrue(UdpCalls.isAvailable(), "needs recvmmsg");
    }

    @RepeatedTest(20)
    void everyClientGetsItsAnswers(RepetitionInfo round) throws IOException {
        Random random = new Random(round.getCurrentRepetition());
        int clients = 1 + random.nextInt(5);
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            int size = random.nextInt(8) == 0 ? 0 : 20 + random.nextInt(3) * (random.nextBoolean() ? 12 : 500);
            byte[] answer = new byte[size];
            random.nextBytes(answer);
            exchanges.add(new Exchange(random.nextInt(clients), answer));
        }
        exchange(random.nextBoolean() ? "127.0.0.1" : "::1", clients, exchanges, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aWholeBatchOfTheLargestAnswersIsTooLargeForOnePacket(String address) throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            byte[] answer = new byte[1_232];
            Arrays.fill(answer, (byte) i);
            exchanges.add(new Exchange(0, answer));
        }
        assertTrue(exchange(address, 1, exchanges, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void whatTheKernelDoesNotTakeApartIsSentOneByOne(String address) throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            exchanges.add(new Exchange(i % 3 == 0 ? 1 : 0, new byte[] {(byte) i, 1, 2, 3}));
        }
        assertTrue(exchange(address, 2, exchanges, true));
    }

    @Test
    void fewAnswersGoByThemselves() throws IOException {
        List<Exchange> pair = List.of(new Exchange(0, new byte[40]), new Exchange(0, new byte[40]));
        assertFalse(exchange("127.0.0.1", 1, pair, false), "both queries of a stub resolver");
        List<Exchange> crowd = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            crowd.add(new Exchange(i % 10, new byte[40]));
        }
        assertFalse(exchange("127.0.0.1", 10, crowd, false), "many clients with few each");
    }

    /** @return whether packets were shared; where not, nothing was sent, and that is checked too */
    private static boolean exchange(String address, int clientCount, List<Exchange> exchanges, boolean refuse)
            throws IOException {
        int port = freePort(address);
        List<DatagramSocket> clients = new ArrayList<>();
        try (UdpSocket server = UdpSocket.bind(new Endpoint(Ip.of(address), port))) {
            assumeTrue(server.takesApart(), "needs Linux 4.18");
            if (refuse) {
                byte[] on = {1, 0, 0, 0};
                assertEquals(0, UdpCalls.calls().setsockopt(descriptor(port), SOL_SOCKET, SO_NO_CHECK, on, on.length));
            }
            for (int i = 0; i < clientCount; i++) {
                DatagramSocket client = new DatagramSocket(new InetSocketAddress(address, 0));
                client.setSoTimeout(TIMEOUT_MILLIS);
                client.setReceiveBufferSize(1 << 20);
                clients.add(client);
            }
            for (int i = 0; i < exchanges.size(); i++) {
                byte[] query = ByteBuffer.allocate(4).putInt(i).array();
                clients.get(exchanges.get(i).client())
                        .send(new DatagramPacket(query, query.length, new InetSocketAddress(address, port)));
            }
            MessageSlots slots = new MessageSlots(BATCH, false);
            // On loopback what was sent has arrived.
            assertEquals(exchanges.size(), server.receive(slots));
            boolean[] answered = new boolean[BATCH];
            byte[] query = new byte[MessageSlots.DATA];
            for (int slot = 0; slot < exchanges.size(); slot++) {
                slots.receive(slot, query);
                assertEquals(slot, ByteBuffer.wrap(query).getInt());
                byte[] answer = exchanges.get(slot).answer();
                answered[slot] = answer.length > 0;
                if (answered[slot]) {
                    slots.answer(slot, answer, answer.length);
                }
            }
            boolean shared = new SharedPackets(BATCH).send(server, slots, answered, exchanges.size());
            if (!shared) {
                assertNothing(clients);
                return false;
            }
            for (int client = 0; client < clientCount; client++) {
                assertEquals(expected(client, exchanges), received(clients.get(client), client, exchanges));
            }
            assertNothing(clients);
            return true;
        } finally {
            clients.forEach(DatagramSocket::close);
        }
    }

    /** Sorted, since answers of different lengths may overtake one another. */
    private static List<String> expected(int client, List<Exchange> exchanges) {
        return exchanges.stream()
                .filter(exchange -> exchange.client() == client && exchange.answer().length > 0)
                .map(exchange -> Arrays.toString(exchange.answer()))
                .sorted()
                .toList();
    }

    private static List<String> received(DatagramSocket socket, int client, List<Exchange> exchanges)
            throws IOException {
        List<String> received = new ArrayList<>();
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        for (int i = expected(client, exchanges).size(); i > 0; i--) {
            packet.setLength(65_536);
            socket.receive(packet);
            received.add(Arrays.toString(Arrays.copyOf(packet.getData(), packet.getLength())));
        }
        return received.stream().sorted().toList();
    }

    private static void assertNothing(List<DatagramSocket> clients) throws IOException {
        for (DatagramSocket client : clients) {
            client.setSoTimeout(1);
            try {
                client.receive(new DatagramPacket(new byte[1], 1));
                throw new AssertionError("an answer too many");
            } catch (SocketTimeoutException e) {
                // as it should be
            }
        }
    }

    private static int freePort(String address) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0))) {
            return socket.getLocalPort();
        }
    }

    /** Of this process's only socket that is bound to a port. */
    private static int descriptor(int port) throws IOException {
        String local = String.format(":%04X", port);
        List<String> inodes = new ArrayList<>();
        for (String table : List.of("/proc/net/udp", "/proc/net/udp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields[1].endsWith(local)) {
                    inodes.add("socket:[" + fields[9] + "]");
                }
            }
        }
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(link -> isOneOf(link, inodes))
                    .mapToInt(link -> Integer.parseInt(link.getFileName().toString()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean isOneOf(Path link, List<String> targets) {
        try {
            return targets.contains(Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
            // Closed since it was listed.
            return false;
        }
    }
}
