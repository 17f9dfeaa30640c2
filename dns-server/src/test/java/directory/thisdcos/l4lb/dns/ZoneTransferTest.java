package directory.thisdcos.l4lb.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.answer.TransferPolicy;
import directory.thisdcos.l4lb.dns.server.Secondary;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/** Transfers to dnsjava's client, which checks order, counts and signatures. */
class ZoneTransferTest {
    private static final Endpoint ANY_PORT = Endpoint.parse("127.0.0.1:0");
    private static final String ZONE = "l4lb.thisdcos.directory.";
    private static final String SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ=";
    private static final TSIG KEY = new TSIG(TSIG.HMAC_SHA256, "xfr.", SECRET);

    @TempDir
    private Path folder;

    private final ProblemBoard problems = new ProblemBoard(new PrometheusRegistry(), InstantSource.system());
    private @Nullable DnsServer running;

    @BeforeEach
    void writeKeys() throws IOException {
        Files.writeString(folder.resolve("keys"), "# for transfers\nhmac-sha256:xfr:" + SECRET + "\n");
    }

    @AfterEach
    void close() {
        if (running != null) {
            running.close();
        }
    }

    private DnsServer start(AuthoritySettings authority) throws IOException {
        DnsServer server = new DnsServer(
                DnsSettings.of(List.of(ANY_PORT), List.of(), Optional.empty()).withAuthority(authority),
                new PrometheusRegistry(),
                problems);
        running = server;
        server.start();
        return server;
    }

    private static InetSocketAddress address(DnsServer server) {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.listening().get(0).port());
    }

    private static State pooled(State state) {
        return Tables.apply(state, List.of(new Change.PoolsPut(Pools.DEFAULT)));
    }

    private static Set<String> texts(List<Record> records) {
        Set<String> texts = new TreeSet<>();
        records.forEach(record -> texts.add(record.toString()));
        return texts;
    }

    @Test
    void sendsAWholeZone() throws Exception {
        DnsServer server = start(AuthoritySettings.DEFAULT);
        server.publish(Tables.large(3_000), Set.of());
        ZoneTransferIn transfer = ZoneTransferIn.newAXFR(Name.fromString(ZONE), address(server), null);
        transfer.run();
        // SOA twice, NS, ns, ready; each name has A and TXT, and SRV and TXT below it.
        assertEquals(5 + 4 * 3_000, transfer.getAXFR().size());
    }

    @Test
    void sendsReverseZonesAndRefusesNamesWithinAZone() throws Exception {
        DnsServer server = start(AuthoritySettings.DEFAULT);
        server.publish(pooled(Tables.small()), Set.of());
        ZoneTransferIn transfer = ZoneTransferIn.newAXFR(Name.fromString("11.in-addr.arpa."), address(server), null);
        transfer.run();
        assertEquals(5, transfer.getAXFR().size());
        ZoneTransferIn within = ZoneTransferIn.newAXFR(Name.fromString("marathon." + ZONE), address(server), null);
        assertTrue(String.valueOf(
                        assertThrows(ZoneTransferException.class, within::run).getMessage())
                .contains("NOTAUTH"));
    }

    @Test
    void sendsOnlyWhatChangedToWhoHasAKnownVersion() throws Exception {
        DnsServer server = start(AuthoritySettings.DEFAULT);
        State state = Tables.large(1_000);
        server.publish(state, Set.of());
        State next = Tables.apply(
                state,
                List.of(
                        Tables.allocation("new.marathon", "11.9.9.9", ""),
                        Tables.service("new.marathon", 80),
                        new Change.ServiceRemoved(Tables.key("svc7.marathon", 80))));
        server.publish(next, Set.of());
        ZoneTransferIn transfer =
                ZoneTransferIn.newIXFR(Name.fromString(ZONE), state.seq(), false, address(server), null);
        transfer.run();
        assertTrue(transfer.isIXFR());
        assertEquals(1, transfer.getIXFR().size());
        ZoneTransferIn.Delta delta = transfer.getIXFR().get(0);
        assertEquals(List.of(1L, 2L), List.of(delta.start, delta.end));
        assertEquals(5, delta.deletes.size(), texts(delta.deletes).toString());
        assertEquals(5, delta.adds.size(), texts(delta.adds).toString());
        ZoneTransferIn same = ZoneTransferIn.newIXFR(Name.fromString(ZONE), next.seq(), false, address(server), null);
        same.run();
        assertTrue(same.isCurrent());
        ZoneTransferIn unknown = ZoneTransferIn.newIXFR(Name.fromString(ZONE), 0, true, address(server), null);
        unknown.run();
        assertTrue(unknown.isAXFR());
    }

    @Test
    void sendsAllAfterTwoContentsOfOneSerial() throws Exception {
        DnsServer server = start(AuthoritySettings.DEFAULT);
        State state = Tables.small();
        server.publish(state, Set.of());
        server.publish(state, Set.of(directory.thisdcos.l4lb.model.Ip.of("11.0.0.1")));
        server.publish(pooled(state), Set.of());
        ZoneTransferIn transfer =
                ZoneTransferIn.newIXFR(Name.fromString(ZONE), state.seq(), true, address(server), null);
        transfer.run();
        assertTrue(transfer.isAXFR());
    }

    @Test
    void signsWhatWasAskedWithAKeyAndRefusesOthers() throws Exception {
        DnsServer server = start(
                AuthoritySettings.DEFAULT.withTransfers(List.of(), Optional.of(folder.resolve("keys")), List.of()));
        server.publish(Tables.large(3_000), Set.of());
        ZoneTransferIn signed = ZoneTransferIn.newAXFR(Name.fromString(ZONE), address(server), KEY);
        signed.run();
        assertEquals(5 + 4 * 3_000, signed.getAXFR().size());
        ZoneTransferIn unsigned = ZoneTransferIn.newAXFR(Name.fromString(ZONE), address(server), null);
        assertThrows(ZoneTransferException.class, unsigned::run);
        ZoneTransferIn wrong = ZoneTransferIn.newAXFR(
                Name.fromString(ZONE), address(server), new TSIG(TSIG.HMAC_SHA256, "other.", SECRET));
        assertThrows(ZoneTransferException.class, wrong::run);
    }

    @Test
    void signsOrdinaryAnswersToo() throws Exception {
        DnsServer server = start(AuthoritySettings.DEFAULT.withTransfers(
                TransferPolicy.LOOPBACK, Optional.of(folder.resolve("keys")), List.of()));
        server.publish(Tables.small(), Set.of());
        SimpleResolver resolver = new SimpleResolver(address(server));
        Message query = Message.newQuery(Record.newRecord(Name.fromString(ZONE), Type.SOA, DClass.IN));
        resolver.setTSIGKey(KEY);
        Message reply = resolver.send(query);
        assertEquals(Rcode.NOERROR, reply.getRcode());
        assertTrue(reply.isVerified());
        resolver.setTSIGKey(new TSIG(TSIG.HMAC_SHA256, "xfr.", "d3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmc="));
        resolver.setIgnoreTruncation(true);
        assertEquals(Rcode.NOTAUTH, resolver.send(query).getRcode());
    }

    @Test
    void tellsSecondariesUntilTheyConfirm() throws Exception {
        try (DatagramSocket secondary = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            secondary.setSoTimeout(10_000);
            DnsServer server = start(AuthoritySettings.DEFAULT.withTransfers(
                    TransferPolicy.LOOPBACK,
                    Optional.empty(),
                    List.of(Secondary.parse("127.0.0.1:" + secondary.getLocalPort()))));
            server.publish(Tables.small(), Set.of());
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            secondary.receive(packet);
            Message first = new Message(java.util.Arrays.copyOf(packet.getData(), packet.getLength()));
            assertEquals(Opcode.NOTIFY, first.getHeader().getOpcode());
            assertTrue(first.getHeader().getFlag(Flags.AA));
            assertEquals(ZONE, first.getQuestion().getName().toString());
            assertEquals(1, ((SOARecord) first.getSection(Section.ANSWER).get(0)).getSerial());
            secondary.receive(packet);
            assertEquals(first.getHeader().getID(), (packet.getData()[0] & 0xff) << 8 | (packet.getData()[1] & 0xff));
            first.getHeader().setFlag(Flags.QR);
            byte[] confirmation = first.toWire();
            secondary.send(new DatagramPacket(confirmation, confirmation.length, packet.getSocketAddress()));
            server.publish(pooled(Tables.small()), Set.of());
            secondary.receive(packet);
            assertFalse(
                    first.getHeader().getID() == ((packet.getData()[0] & 0xff) << 8 | (packet.getData()[1] & 0xff)));
        }
    }

    @Test
    void signsWhatASecondaryWithAKeyIsTold() throws Exception {
        try (DatagramSocket secondary = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            secondary.setSoTimeout(10_000);
            DnsServer server = start(AuthoritySettings.DEFAULT.withTransfers(
                    TransferPolicy.LOOPBACK,
                    Optional.of(folder.resolve("keys")),
                    List.of(Secondary.parse("127.0.0.1:" + secondary.getLocalPort() + "#xfr"))));
            server.publish(Tables.small(), Set.of());
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            secondary.receive(packet);
            byte[] bytes = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
            assertEquals(Rcode.NOERROR, KEY.verify(new Message(bytes), bytes, null));
        }
    }

    @Test
    void readsKeysAgainWhenTheyChangeAndKeepsThemWhenTheFileIsBad() throws Exception {
        Path file = folder.resolve("keys");
        DnsServer server = start(AuthoritySettings.DEFAULT.withTransfers(List.of(), Optional.of(file), List.of()));
        server.publish(Tables.small(), Set.of());
        TSIG other = new TSIG(TSIG.HMAC_SHA256, "other.", SECRET);
        assertFalse(transfers(server, other));
        Files.writeString(file, "hmac-sha256:other:" + SECRET + "\n");
        await(() -> transfers(server, other));
        assertFalse(transfers(server, KEY));
        Files.writeString(file, "hmac-sha256:other\n");
        await(() -> transfers(server, other)
                && problems.entries().stream()
                        .anyMatch(entry -> entry.problem().kind().equals("tsig-keys")));
        Files.writeString(file, "hmac-sha256:xfr:" + SECRET + "\n");
        await(() -> transfers(server, KEY) && problems.entries().isEmpty());
    }

    private static boolean transfers(DnsServer server, TSIG key) {
        try {
            ZoneTransferIn.newAXFR(Name.fromString(ZONE), address(server), key).run();
            return true;
        } catch (ZoneTransferException | IOException e) {
            return false;
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not within 30 s");
            Thread.sleep(50);
        }
    }
}
