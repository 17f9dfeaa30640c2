package directory.thisdcos.l4lb.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Queries while the table changes as fast as it can: each answer is that of one table. */
class ChangesUnderLoadTest {
    private static final int QUERIES = 3_000;
    private static final String SRV = "_80._tcp.flip.marathon.l4lb.thisdcos.directory.";

    /** Batches of even number serve {@code flip} at 11.0.0.1 port 80, the others at 11.0.0.2 port 81. */
    private static State flipped(State state) {
        boolean even = state.seq() % 2 == 1;
        return Tables.apply(
                state,
                List.of(
                        new Change.ServiceRemoved(Tables.key("flip.marathon", even ? 81 : 80)),
                        Tables.allocation("flip.marathon", even ? "11.0.0.1" : "11.0.0.2", ""),
                        Tables.service("flip.marathon", even ? 80 : 81)));
    }

    @Test
    void noQuerySeesHalfOfAChange() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        DnsSettings settings = DnsSettings.of(List.of(Endpoint.parse("127.0.0.1:0")), List.of(), Optional.empty());
        State first = flipped(Tables.large(300));
        AtomicLong newest = new AtomicLong();
        try (DnsServer server = new DnsServer(settings, registry, new ProblemBoard(registry, InstantSource.system()))) {
            server.start();
            server.publish(first, Set.of());
            Thread publisher = new Thread(() -> {
                State table = first;
                while (!Thread.currentThread().isInterrupted()) {
                    table = flipped(table);
                    server.publish(table, Set.of());
                }
                newest.set(table.seq());
            });
            publisher.start();
            int found = 0;
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout(10_000);
                socket.connect(
                        InetAddress.getLoopbackAddress(),
                        server.listening().get(0).port());
                for (int i = 0; i < QUERIES; i++) {
                    found += check(ask(socket)) ? 1 : 0;
                }
            } finally {
                publisher.interrupt();
                publisher.join();
            }
            assertTrue(found > 0 && found < QUERIES, found + " answers of " + QUERIES + " had the name");
            assertTrue(newest.get() > 100, "the table changed " + newest.get() + " times only");
        }
    }

    private static Message ask(DatagramSocket socket) throws IOException {
        byte[] query = Message.newQuery(Record.newRecord(Name.fromString(SRV), Type.SRV, DClass.IN))
                .toWire();
        socket.send(new DatagramPacket(query, query.length));
        DatagramPacket packet = new DatagramPacket(new byte[1_500], 1_500);
        socket.receive(packet);
        return new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    /** Whether the name was there; all that the answer says must be of one moment. */
    private static boolean check(Message answer) {
        if (answer.getRcode() == Rcode.NOERROR) {
            assertEquals(1, answer.getSection(Section.ANSWER).size());
            assertEquals(
                    "11.0.0.1",
                    answer.getSection(Section.ADDITIONAL).get(0).rdataToString(),
                    "the address is that of the other table");
            return true;
        }
        assertEquals(Rcode.NXDOMAIN, answer.getRcode());
        SOARecord soa = (SOARecord) answer.getSection(Section.AUTHORITY).get(0);
        assertEquals(1, soa.getSerial() % 2, "the name is missing under a serial that has it");
        return false;
    }
}
