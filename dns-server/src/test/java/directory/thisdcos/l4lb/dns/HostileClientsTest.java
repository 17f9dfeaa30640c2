package directory.thisdcos.l4lb.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Clients that take connections and give nothing, or ask and never read. */
class HostileClientsTest {
    private static final int CONNECTIONS = 1_500;
    private static final String ZONE = "l4lb.thisdcos.directory.";

    private DnsServer server;
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        server = new DnsServer(
                DnsSettings.of(List.of(Endpoint.parse("127.0.0.1:0")), List.of(), Optional.empty()),
                registry,
                new ProblemBoard(registry, InstantSource.system()));
        server.start();
        server.publish(Tables.large(2_000), Set.of());
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
    }

    private int port() {
        return server.listening().get(0).port();
    }

    private Socket connect(int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private static byte[] framed(String name, int type) throws IOException {
        byte[] wire = Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN))
                .toWire();
        byte[] framed = new byte[wire.length + 2];
        framed[1] = (byte) wire.length;
        System.arraycopy(wire, 0, framed, 2, wire.length);
        return framed;
    }

    private void assertServes() throws IOException {
        for (boolean tcp : new boolean[] {false, true}) {
            SimpleResolver resolver = new SimpleResolver(InetAddress.getLoopbackAddress());
            resolver.setPort(port());
            resolver.setTCP(tcp);
            resolver.setTimeout(Duration.ofSeconds(5));
            Message query =
                    Message.newQuery(Record.newRecord(Name.fromString("svc7.marathon." + ZONE), Type.A, DClass.IN));
            assertEquals(Rcode.NOERROR, resolver.send(query).getRcode());
        }
    }

    @Test
    void closesMessagesThatNeverEndAndServesOthersMeanwhile() throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            connect(4_096).getOutputStream().write(0);
        }
        assertServes();
        for (Socket socket : sockets) {
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void givesUpOnAClientThatNeverReads() throws IOException {
        Socket deaf = connect(4_096);
        byte[] transfer = framed(ZONE, Type.AXFR);
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        boolean closed = false;
        while (!closed) {
            assertTrue(System.nanoTime() < deadline, "still open");
            assertServes();
            try {
                deaf.getOutputStream().write(transfer);
            } catch (IOException e) {
                closed = true;
            }
        }
    }
}
