package directory.thisdcos.l4lb.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import directory.thisdcos.l4lb.dns.zone.DynamicZones;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** The whole server over real sockets. */
class DnsServerTest {
    private static final Endpoint ANY_PORT = Endpoint.parse("127.0.0.1:0");
    private static final String WEB = "web.marathon.l4lb.thisdcos.directory.";

    @TempDir
    private Path folder;

    private ProblemBoard problems = board();
    /** Of the server that was made last. */
    private PrometheusRegistry registry = new PrometheusRegistry();

    private DnsServer server = server(DnsSettings.of(List.of(ANY_PORT), List.of(), Optional.empty()));

    private static ProblemBoard board() {
        return new ProblemBoard(new PrometheusRegistry(), InstantSource.system());
    }

    private DnsServer server(DnsSettings settings) {
        registry = new PrometheusRegistry();
        return new DnsServer(settings, registry, problems);
    }

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private int port() {
        return server.listening().get(0).port();
    }

    private static Message query(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    private Message ask(String name, int type, boolean tcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(InetAddress.getLoopbackAddress());
        resolver.setPort(port());
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver.send(query(name, type));
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what);
            Thread.onSpinWait();
        }
    }

    @Test
    void servesWhatIsPublishedOverUdpAndTcp() throws IOException {
        assertFalse(server.hasTable());
        assertEquals(Rcode.SERVFAIL, ask(WEB, Type.A, false).getRcode());
        server.publish(Tables.small(), Set.of());
        assertTrue(server.hasTable());
        for (boolean tcp : new boolean[] {false, true}) {
            Message reply = ask(WEB, Type.A, tcp);
            assertEquals("11.0.0.1", reply.getSection(Section.ANSWER).get(0).rdataToString());
            assertEquals(Rcode.NXDOMAIN, ask("no." + WEB, Type.A, tcp).getRcode());
        }
        server.publish(Tables.small(), Set.of(Ip.of("11.0.0.1")));
        assertEquals(Rcode.NXDOMAIN, ask(WEB, Type.A, false).getRcode());
    }

    @Test
    void whatIsPreparedIsNotAnsweredBeforeItIsPublished() throws IOException {
        DynamicZones made = new DynamicZones(List.of());
        made.update(Tables.small(), Set.of());
        server.prepare(made, Tables.small());
        assertFalse(server.hasTable());
        assertEquals(Rcode.SERVFAIL, ask(WEB, Type.A, false).getRcode());
        server.publish(Tables.small(), Set.of(Ip.of("11.0.0.1")));
        assertEquals(Rcode.NXDOMAIN, ask(WEB, Type.A, false).getRcode());
        assertEquals(
                Rcode.NOERROR, ask(WEB.replace("web", "six"), Type.AAAA, false).getRcode());
        server.publish(Tables.small(), Set.of());
        assertEquals(Rcode.NOERROR, ask(WEB, Type.A, false).getRcode());
        assertEquals(
                "127.0.0.1",
                ask("ns.l4lb.thisdcos.directory.", Type.A, false)
                        .getSection(Section.ANSWER)
                        .get(0)
                        .rdataToString());
    }

    @Test
    void countsHowLongAnswersTakeByOutcome() throws IOException {
        server.publish(Tables.small(), Set.of());
        for (int i = 0; i < 10; i++) {
            ask(WEB, Type.A, i % 2 == 0);
            ask("no." + WEB, Type.A, false);
        }
        // A client may have its answer before its time is counted.
        await(
                "the times",
                () -> times("NOERROR").equals(List.of(10L)) && times("NXDOMAIN").equals(List.of(10L)));
    }

    private List<Long> times(String rcode) {
        return registry.scrape().stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals("l4lb_dns_answer_seconds"))
                .flatMap(snapshot -> ((HistogramSnapshot) snapshot).getDataPoints().stream())
                .filter(point -> rcode.equals(point.getLabels().get("rcode")) && point.getSum() > 0)
                .map(HistogramSnapshot.HistogramDataPointSnapshot::getCount)
                .toList();
    }

    private static byte[] framed(Message message) {
        byte[] wire = message.toWire();
        byte[] framed = new byte[wire.length + 2];
        framed[0] = (byte) (wire.length >>> 8);
        framed[1] = (byte) wire.length;
        System.arraycopy(wire, 0, framed, 2, wire.length);
        return framed;
    }

    private static Message read(DataInputStream in) throws IOException {
        byte[] reply = new byte[in.readUnsignedShort()];
        in.readFully(reply);
        return new Message(reply);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(8_000);
        return socket;
    }

    @Test
    void answersManyQueriesOfOneSegment() throws IOException {
        server.publish(Tables.large(300), Set.of());
        Map<Integer, Message> queries = new HashMap<>();
        java.io.ByteArrayOutputStream segment = new java.io.ByteArrayOutputStream();
        while (queries.size() < 300) {
            Message query = query("svc" + queries.size() + ".marathon.l4lb.thisdcos.directory.", Type.A);
            if (queries.putIfAbsent(query.getHeader().getID(), query) == null) {
                segment.writeBytes(framed(query));
            }
        }
        try (Socket socket = connect()) {
            socket.getOutputStream().write(segment.toByteArray());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 300; i++) {
                Message reply = read(in);
                Message query = queries.remove(reply.getHeader().getID());
                assertTrue(query != null && query.getQuestion().equals(reply.getQuestion()));
                assertEquals(1, reply.getSection(Section.ANSWER).size());
            }
        }
    }

    @Test
    void readsOctetByOctetAndAnswersAfterHalfClose() throws IOException {
        server.publish(Tables.small(), Set.of());
        try (Socket socket = connect()) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            for (byte octet : framed(query(WEB, Type.A))) {
                out.write(octet);
                out.flush();
            }
            out.write(framed(query(WEB, Type.AAAA)));
            socket.shutdownOutput();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertEquals(1, read(in).getSection(Section.ANSWER).size());
            assertEquals(0, read(in).getSection(Section.ANSWER).size());
            assertEquals(-1, in.read(), "the server closes then");
        }
    }

    /** More answers than socket buffers and watermark hold: the server must stop reading, and go on later. */
    @Test
    void waitsForClientsThatReadLate() throws Exception {
        server.publish(Tables.small(), Set.of());
        int count = 60_000;
        byte[] query = framed(query(WEB, Type.A));
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(query);
        }
        try (Socket socket = connect()) {
            Thread sender = new Thread(
                    () -> {
                        try {
                            socket.getOutputStream().write(all.toByteArray());
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    },
                    "sender");
            sender.start();
            sender.join(300);
            DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            for (int i = 0; i < count; i++) {
                byte[] reply = new byte[in.readUnsignedShort()];
                in.readFully(reply);
                assertEquals(1, reply[7], "one answer");
            }
            sender.join();
        }
    }

    @Test
    void closesConnectionsThatSendNoQuery() throws IOException {
        for (byte[] junk : List.of(new byte[] {0, 0}, new byte[] {0, 5, 1, 2, 3, 4, 5}, new byte[] {0, 40, 1})) {
            try (Socket socket = connect()) {
                socket.getOutputStream().write(junk);
                assertEquals(-1, socket.getInputStream().read());
            }
        }
    }

    @Test
    void namesTheFixWhenAPortIsTaken() {
        for (String address : List.of("127.0.0.1:" + port(), "203.0.113.77:5300")) {
            DnsSettings settings = DnsSettings.of(List.of(Endpoint.parse(address)), List.of(), Optional.empty());
            try (DnsServer second = server(settings)) {
                String message = String.valueOf(
                        assertThrows(IOException.class, second::start).getMessage());
                assertTrue(message.startsWith("cannot listen on " + address + " (TCP): "), message);
                assertTrue(message.contains("another"), message);
            }
        }
    }

    @Test
    void refusesToBeItsOwnUpstream() {
        Endpoint own = Endpoint.parse("127.0.0.1:5399");
        for (Endpoint listen : List.of(own, Endpoint.parse("0.0.0.0:5399"))) {
            DnsSettings settings = DnsSettings.of(List.of(listen), List.of(own), Optional.empty());
            assertThrows(IllegalArgumentException.class, () -> server(settings));
        }
    }

    @Test
    void followsItsStaticZones() throws IOException {
        Path file = folder.resolve("a.zone");
        Files.writeString(file, "$ORIGIN a.test.\n@ 5 SOA ns h 1 2 3 4 5\nwww 5 A 192.0.2.1\n");
        server.close();
        server = server(DnsSettings.of(List.of(ANY_PORT), List.of(), Optional.of(folder)));
        server.start();
        assertEquals("192.0.2.1", address());
        replace(file, "$ORIGIN a.test.\n@ 5 SOA ns h 2 2 3 4 5\nwww 5 A 192.0.2.22\n");
        await("the change is seen", () -> address().equals("192.0.2.22"));
        replace(file, "$ORIGIN a.test.\n@ 5 SOA ns h 3 2 3 4 5\nwww 5 A 192.0.2\n");
        await("the fault is reported", () -> !problems.entries().isEmpty());
        String text = problems.entries().get(0).problem().message();
        assertTrue(text.contains("a.zone:3"), text);
        assertEquals("192.0.2.22", address());
        replace(file, "$ORIGIN l4lb.thisdcos.directory.\n@ 5 SOA ns h 3 2 3 4 5\nweb.marathon 5 A 192.0.2.3\n");
        await(
                "the replaced zone is reported",
                () -> problems.entries().stream()
                        .anyMatch(entry -> entry.problem().kind().equals("zone-replaced")));
        server.publish(Tables.small(), Set.of());
        assertEquals(
                "192.0.2.3",
                ask(WEB, Type.A, false).getSection(Section.ANSWER).get(0).rdataToString());
        Files.delete(file);
        await("the zone is gone", () -> problems.entries().isEmpty());
        assertEquals(
                "11.0.0.1",
                ask(WEB, Type.A, false).getSection(Section.ANSWER).get(0).rdataToString());
    }

    @Test
    void followsTheFilesThatAZoneIncludes() throws IOException {
        Path part = folder.resolve("hosts.part");
        Files.writeString(part, "www 5 A 192.0.2.1\n");
        Files.writeString(folder.resolve("a.zone"), "$ORIGIN a.test.\n@ 5 SOA ns h 1 2 3 4 5\n$INCLUDE hosts.part\n");
        server.close();
        server = server(DnsSettings.of(List.of(ANY_PORT), List.of(), Optional.of(folder)));
        server.start();
        assertEquals("192.0.2.1", address());
        replace(part, "www 5 A 192.0.2.22\n");
        await("the change is seen", () -> address().equals("192.0.2.22"));
        replace(part, "\nwww 5 A 192.0.2\n");
        await("the fault is reported", () -> problems.entries().toString().contains("hosts.part:2"));
        assertEquals("192.0.2.22", address());
        replace(part, "www 5 A 192.0.2.3\n");
        await("the mended file is seen", () -> address().equals("192.0.2.3"));
    }

    private static void replace(Path file, String text) throws IOException {
        Path next = file.resolveSibling("next.tmp");
        Files.writeString(next, text);
        Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private String address() {
        try {
            List<Record> answer = ask("www.a.test.", Type.A, false).getSection(Section.ANSWER);
            return answer.isEmpty() ? "" : answer.get(0).rdataToString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void isUnderstoodByDig() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dig")), "dig is not installed");
        server.publish(Tables.small(), Set.of());
        String a = dig(WEB, "A");
        assertTrue(a.contains("status: NOERROR") && a.contains("flags: qr aa rd;"), a);
        assertTrue(a.contains("11.0.0.1") && a.contains("COOKIE:") && a.contains("(good)"), a);
        assertFalse(a.contains("WARNING: Message") || a.contains("Warning: query"), a);
        String missing = dig("nope." + WEB, "A", "+tcp");
        assertTrue(missing.contains("status: NXDOMAIN") && missing.contains("SOA"), missing);
        String other = dig("example.org", "A");
        assertTrue(other.contains("status: REFUSED") && other.contains("EDE: 20"), other);
    }

    private String dig(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(
                List.of("/usr/bin/dig", "@127.0.0.1", "-p", String.valueOf(port()), "+tries=1", "+time=5"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    @Test
    void setsNoFlagsOfItsOwn() throws IOException {
        server.publish(Tables.small(), Set.of());
        Message reply = ask(WEB, Type.A, false);
        assertFalse(reply.getHeader().getFlag(Flags.RA));
        assertFalse(reply.getHeader().getFlag(Flags.AD));
    }
}
