package directory.thisdcos.l4lb.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.server.TlsFiles;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class DnsOverTlsTest {
    private static final Endpoint ANY_PORT = Endpoint.parse("127.0.0.1:0");
    private static final int PADDING = 12;

    @TempDir
    private Path folder;

    private final ProblemBoard problems = new ProblemBoard(new PrometheusRegistry(), InstantSource.system());
    private DnsServer server;

    private TlsFiles files() {
        return new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    }

    private void install(String name, String keyOf) throws IOException {
        copy(name + ".pem", files().certificate());
        copy(keyOf + "-key.pem", files().key());
    }

    /** As renewal tools do: written beside and moved, so that nobody reads half of it. */
    private void copy(String resource, Path to) throws IOException {
        Path beside = folder.resolve("new");
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(resource))) {
            Files.copy(in, beside, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @BeforeEach
    void start() throws IOException {
        install("one", "one");
        server = new DnsServer(settings(), new PrometheusRegistry(), problems);
        server.start();
        server.publish(Tables.small(), Set.of());
    }

    private DnsSettings settings() {
        return DnsSettings.of(List.of(ANY_PORT), List.of(), Optional.empty())
                .withAuthority(AuthoritySettings.DEFAULT.withTls(files(), List.of(ANY_PORT)));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private SSLSocket connect() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustingEverybody()}, null);
            return (SSLSocket) context.getSocketFactory()
                    .createSocket(
                            InetAddress.getLoopbackAddress(),
                            server.listeningTls().get(0).port());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private String certificate() throws IOException {
        try (SSLSocket socket = connect()) {
            socket.startHandshake();
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }

    private static byte[] ask(SSLSocket socket, boolean padding) throws IOException {
        Message query = Message.newQuery(
                Record.newRecord(Name.fromString("web.marathon.l4lb.thisdcos.directory."), Type.A, DClass.IN));
        query.addRecord(
                padding
                        ? new OPTRecord(1232, 0, 0, 0, List.of(new GenericEDNSOption(PADDING, new byte[3])))
                        : new OPTRecord(1232, 0, 0),
                Section.ADDITIONAL);
        byte[] wire = query.toWire();
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(wire.length);
        out.write(wire);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return in.readNBytes(in.readUnsignedShort());
    }

    @Test
    void answersAndPadsIfAsked() throws IOException {
        try (SSLSocket socket = connect()) {
            for (boolean padding : new boolean[] {true, false, true}) {
                byte[] answer = ask(socket, padding);
                assertEquals(
                        "11.0.0.1",
                        new Message(answer).getSection(Section.ANSWER).get(0).rdataToString());
                assertEquals(padding ? 468 : answer.length, answer.length);
            }
        }
    }

    @Test
    void takesARenewedCertificateAndKeepsTheOldOneWhileTheNewOneIsBad() throws IOException {
        assertEquals("CN=one", certificate());
        install("two", "one");
        await(
                "a problem",
                () -> certificate().equals("CN=one") && problems.entries().size() == 1);
        assertTrue(problems.entries().get(0).problem().toString().contains("stays in use"));
        install("two", "two");
        await("the new certificate", () -> certificate().equals("CN=two"));
        assertEquals(List.of(), problems.entries());
    }

    @Test
    void saysWhichFileIsMissing() throws IOException {
        Files.delete(files().key());
        try (DnsServer other = new DnsServer(settings(), new PrometheusRegistry(), problems)) {
            IOException e = assertThrows(IOException.class, other::start);
            assertTrue(String.valueOf(e.getMessage()).contains("key.pem"), e.getMessage());
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(String what, Condition condition) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, what);
        }
    }

    private static final class TrustingEverybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
