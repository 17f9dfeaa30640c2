package directory.thisdcos.l4lb.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Many of what is harmless one by one. */
class FloodTest {
    private static final String WEB = "web.marathon.l4lb.thisdcos.directory.";
    /** What is admitted; see {@code TcpLimits}. */
    private static final int CONNECTIONS = 10_000;

    private static final int RESPONSES = 20_000;

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

    private int port() {
        return server.listening().get(0).port();
    }

    private Message query() throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(WEB), Type.A, DClass.IN));
    }

    private void assertServes(boolean tcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(InetAddress.getLoopbackAddress());
        resolver.setPort(port());
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(2));
        assertEquals(Rcode.NOERROR, resolver.send(query()).getRcode());
    }

    private Process idle(int count) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        IdleConnections.class.getName(),
                        String.valueOf(port()),
                        String.valueOf(count))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        assertEquals("open " + count, out.readLine());
        return process;
    }

    @Test
    void tenThousandIdleConnectionsLeaveRoomForOthers() throws Exception {
        Process holder = idle(CONNECTIONS);
        try {
            for (int i = 0; i < 100; i++) {
                assertServes(false);
            }
            // The first may be turned away; those that wait longest make room.
            await(this::servesTcp);
        } finally {
            holder.getOutputStream().close();
            holder.waitFor();
        }
        await(this::servesTcp);
    }

    private boolean servesTcp() {
        try {
            assertServes(true);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "no TCP for others");
            Thread.sleep(50);
        }
    }

    /** Answering an answer could go on for ever. */
    @Test
    void aStormOfResponsesIsNotAnswered() throws IOException {
        Message response = query();
        response.getHeader().setFlag(Flags.QR);
        byte[] bytes = response.toWire();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getLoopbackAddress(), port());
            for (int i = 0; i < RESPONSES; i++) {
                bytes[3] = (byte) (i & 0xf);
                bytes[2] = (byte) (0x80 | ((i >>> 4) & 0x7f));
                socket.send(new DatagramPacket(bytes, bytes.length));
            }
            socket.setSoTimeout(200);
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            assertThrows(SocketTimeoutException.class, () -> socket.receive(packet));
        }
        assertServes(false);
    }
}
