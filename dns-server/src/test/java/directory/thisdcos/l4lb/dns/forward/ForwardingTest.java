package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.DnsServer;
import directory.thisdcos.l4lb.dns.DnsSettings;
import directory.thisdcos.l4lb.dns.Tables;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Forwarding over real sockets to an upstream that behaves as the first label says. */
class ForwardingTest {
    private final HostileUpstream upstream = HostileUpstream.start();
    private final DnsServer server = server(List.of(upstream.endpoint()));

    private static DnsServer server(List<Endpoint> upstreams) {
        DnsSettings settings = DnsSettings.of(List.of(Endpoint.parse("127.0.0.1:0")), upstreams, Optional.empty());
        PrometheusRegistry registry = new PrometheusRegistry();
        return new DnsServer(settings, registry, new ProblemBoard(registry, InstantSource.system()));
    }

    @BeforeEach
    void start() throws IOException {
        server.start();
        server.publish(Tables.small(), Set.of());
    }

    @AfterEach
    void close() {
        server.close();
        upstream.close();
    }

    private static Message ask(DnsServer asked, String name, boolean tcp, boolean edns) throws IOException {
        SimpleResolver resolver = new SimpleResolver(InetAddress.getLoopbackAddress());
        resolver.setPort(asked.listening().get(0).port());
        resolver.setTCP(tcp);
        resolver.setIgnoreTruncation(true);
        resolver.setTimeout(Duration.ofSeconds(6));
        resolver.setEDNS(-1);
        Message query = query(name);
        if (edns) {
            query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        }
        return resolver.send(query);
    }

    private Message ask(String name) throws IOException {
        return ask(server, name, false, true);
    }

    private static String answer(Message reply) {
        List<Record> records = reply.getSection(Section.ANSWER);
        return Rcode.string(reply.getRcode())
                + (records.isEmpty() ? "" : " " + records.get(0).rdataToString());
    }

    @Test
    void relaysAndRestoresWhatTheClientSent() throws IOException {
        Message reply = ask("GooD.Example.ORG.");
        assertEquals("NOERROR 192.0.2.1", answer(reply));
        assertEquals("GooD.Example.ORG.", reply.getQuestion().getName().toString());
        assertTrue(reply.getHeader().getFlag(Flags.RA));
        assertFalse(reply.getHeader().getFlag(Flags.AA));
        assertNotNull(reply.getOPT());
        assertNull(ask(server, "good.example.org.", false, false).getOPT());
        assertEquals("NOERROR 192.0.2.1", answer(ask(server, "good.example.org.", true, true)));
        assertEquals("NXDOMAIN", answer(ask("nxdomain.example.org.")));
        assertEquals("REFUSED", answer(ask("refused.example.org.")));
    }

    @Test
    void believesOnlyMatchingReplies() throws IOException {
        assertEquals("NOERROR 192.0.2.1", answer(ask("wrongid.example.org.")));
        assertEquals("NOERROR 192.0.2.1", answer(ask("wrongquestion.example.org.")));
        assertEquals("NOERROR 192.0.2.1", answer(ask("noresponse.example.org.")));
        assertEquals("NOERROR 192.0.2.1", answer(ask("otherport.example.org.")));
        assertEquals("NOERROR 192.0.2.1", answer(ask("garbage.example.org.")));
    }

    @Test
    void usesTcpForTruncatedReplies() throws IOException {
        Message reply = ask("large.example.org.");
        assertEquals(Rcode.NOERROR, reply.getRcode());
        assertTrue(reply.getHeader().getFlag(Flags.TC), "100 records do not fit in 1232 octets");
        assertTrue(reply.getSection(Section.ANSWER).size() > 60);
        assertTrue(reply.numBytes() <= 1232);
        Message plain = ask(server, "large.example.org.", false, false);
        assertTrue(plain.getHeader().getFlag(Flags.TC) && plain.numBytes() <= 512);
        Message whole = ask(server, "large.example.org.", true, true);
        assertEquals(100, whole.getSection(Section.ANSWER).size());
        assertFalse(whole.getHeader().getFlag(Flags.TC));
    }

    @Test
    void asksAgainWithoutEdns() throws IOException {
        assertEquals("NOERROR 192.0.2.1", answer(ask("noedns.example.org.")));
        assertEquals("NOERROR 192.0.2.1", answer(ask("bareheader.example.org.")));
    }

    @Test
    void saysWhyWithinThreeSeconds() throws IOException {
        long began = System.nanoTime();
        Message reply = ask("silent.example.org.");
        assertTrue(Duration.ofNanos(System.nanoTime() - began).toMillis() < 3_500);
        assertEquals("SERVFAIL", answer(reply));
        assertEquals(
                1,
                reply.getOPT().getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).size());
        assertEquals(Rcode.NOERROR, ask("web.marathon.l4lb.thisdcos.directory.").getRcode());
    }

    @Test
    void asksTheNextUpstream() throws IOException {
        Endpoint dead = Endpoint.parse("127.0.0.1:9");
        try (DnsServer two = server(List.of(dead, upstream.endpoint()))) {
            two.start();
            long began = System.nanoTime();
            assertEquals("NOERROR 192.0.2.1", answer(ask(two, "good.example.org.", false, true)));
            assertTrue(Duration.ofNanos(System.nanoTime() - began).toMillis() < 900, "refused, not timed out");
        }
        try (DnsServer none = server(List.of(dead))) {
            none.start();
            assertEquals("SERVFAIL", answer(ask(none, "good.example.org.", false, true)));
        }
    }

    @Test
    void usesManyPortsAndIds() throws IOException {
        for (int i = 0; i < 64; i++) {
            assertEquals("NOERROR 192.0.2.1", answer(ask("good" + i + ".example.org.")));
        }
        assertTrue(upstream.ports().size() > 55, "ports: " + upstream.ports().size());
        assertTrue(upstream.ids().size() > 60, "ids: " + upstream.ids().size());
    }

    @Test
    void survivesMutatedReplies() throws IOException {
        for (int i = 0; i < 200; i++) {
            Message query = query("mutate" + i + ".example.org.");
            byte[] reply = exchange(query);
            assertEquals(query.getHeader().getID(), (reply[0] & 0xff) << 8 | (reply[1] & 0xff));
            assertTrue(reply[2] < 0, "QR");
        }
    }

    private static Message query(String name) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN));
    }

    private byte[] exchange(Message query) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] wire = query.toWire();
            int port = server.listening().get(0).port();
            socket.setSoTimeout(5_000);
            socket.send(new DatagramPacket(wire, wire.length, InetAddress.getLoopbackAddress(), port));
            DatagramPacket reply = new DatagramPacket(new byte[4096], 4096);
            socket.receive(reply);
            return Arrays.copyOf(reply.getData(), reply.getLength());
        }
    }

    @Test
    void neverForwardsOurOwnNames() throws IOException {
        assertEquals("NXDOMAIN", answer(ask("good.l4lb.thisdcos.directory.")));
        Message query = query("good.example.org.");
        query.getHeader().unsetFlag(Flags.RD);
        assertEquals(Rcode.REFUSED, exchange(query)[3] & 0xf);
        assertEquals(List.of(), upstream.asked());
    }
}
