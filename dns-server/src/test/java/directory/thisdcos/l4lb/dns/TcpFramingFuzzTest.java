package directory.thisdcos.l4lb.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Streams of queries cut anywhere, some with an end that is none: what is a query is answered once. */
class TcpFramingFuzzTest {
    private static final int STREAMS = Integer.getInteger("l4lb.fuzz.streams", 150);
    private static final String[] NAMES = {
        "web.marathon.l4lb.thisdcos.directory.", "no.marathon.l4lb.thisdcos.directory.", "elsewhere.example."
    };

    private final long seed = Long.getLong("l4lb.seed", 1L);
    private final Random random = new Random(seed);
    private DnsServer server;

    @BeforeEach
    void start() throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        server = new DnsServer(
                DnsSettings.of(List.of(Endpoint.parse("127.0.0.1:0")), List.of(), Optional.empty()),
                registry,
                new ProblemBoard(registry, InstantSource.system()));
        server.start();
        server.publish(Tables.small(), Set.of());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whatIsAQueryIsAnsweredOnce() throws IOException {
        for (int stream = 0; stream < STREAMS; stream++) {
            String told = "seed " + seed + " stream " + stream;
            Map<Integer, String> asked = new HashMap<>();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = random.nextInt(40); i >= 0; i--) {
                String name = NAMES[random.nextInt(NAMES.length)];
                asked.put(i, name);
                frame(bytes, query(i, name));
            }
            boolean broken = random.nextInt(3) == 0;
            if (broken) {
                end(bytes);
            }
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), server.listening().get(0).port())) {
                socket.setSoTimeout(30_000);
                socket.setTcpNoDelay(true);
                write(socket, bytes.toByteArray());
                read(socket, asked, told);
            }
            assertEquals(Map.of(), asked, told);
        }
    }

    private static byte[] query(int id, String name) throws IOException {
        Message query = Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN));
        query.getHeader().setID(id);
        return query.toWire();
    }

    private static void frame(ByteArrayOutputStream bytes, byte[] message) {
        bytes.write(message.length >>> 8);
        bytes.write(message.length);
        bytes.writeBytes(message);
    }

    /** A message that never ends, an answer, one of no length, or noise. */
    private void end(ByteArrayOutputStream bytes) {
        byte[] noise = new byte[random.nextInt(30)];
        random.nextBytes(noise);
        switch (random.nextInt(4)) {
            case 0 -> {
                bytes.write(0xff);
                bytes.write(0xff);
                bytes.writeBytes(noise);
            }
            case 1 -> frame(bytes, new byte[] {1, 1, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0});
            case 2 -> frame(bytes, new byte[0]);
            default -> frame(bytes, new byte[random.nextInt(12)]);
        }
    }

    private void write(Socket socket, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            int size =
                    Math.min(bytes.length - at, random.nextBoolean() ? 1 + random.nextInt(3) : 1 + random.nextInt(900));
            try {
                socket.getOutputStream().write(bytes, at, size);
            } catch (IOException e) {
                // Closed for what came after the queries.
                return;
            }
            at += size;
        }
        socket.shutdownOutput();
    }

    private static void read(Socket socket, Map<Integer, String> asked, String told) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (!asked.isEmpty()) {
            byte[] bytes;
            try {
                bytes = in.readNBytes(in.readUnsignedShort());
            } catch (EOFException e) {
                return;
            }
            Message answer = new Message(bytes);
            String name = asked.remove(answer.getHeader().getID());
            assertTrue(name != null, () -> told + ": answered twice: " + answer);
            assertEquals(name, answer.getQuestion().getName().toString(), told);
        }
        try {
            assertEquals(-1, in.read(), told);
        } catch (SocketException e) {
            // Reset, for what was not read any more.
        }
    }
}
