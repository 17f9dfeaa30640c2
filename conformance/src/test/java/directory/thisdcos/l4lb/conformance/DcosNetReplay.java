package directory.thisdcos.l4lb.conformance;

import com.sun.net.httpserver.HttpServer;
import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Answers {@code GET /v1/vips} and DNS questions as a node of dcos-net does, for names and addresses of its own. */
final class DcosNetReplay implements AutoCloseable {
    private static final String ZONE = ".l4lb.thisdcos.directory";
    private static final int BUFFER_OCTETS = 4 << 20;

    private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();
    private final StringBuilder vips = new StringBuilder();
    private final HttpServer http;
    private final DatagramSocket dns;
    private volatile boolean loses;

    DcosNetReplay() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        http = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        http.createContext("/v1/vips", exchange -> {
            byte[] body = ("[" + vips + "]").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        http.start();
        dns = new DatagramSocket(0, loopback);
        dns.setReceiveBufferSize(BUFFER_OCTETS);
        Thread thread = new Thread(this::serve, "replay-dns");
        thread.setDaemon(true);
        thread.start();
    }

    /** A name as {@code my-service.marathon} with one backend; without addresses its DNS answers NXDOMAIN. */
    DcosNetReplay name(String prefix, String... ips) {
        vip(prefix + ZONE + ":80", "{\"ip\":\"10.0.0.1\",\"port\":8080}");
        if (ips.length > 0) {
            addresses.put(prefix + ZONE, List.of(ips));
        }
        return this;
    }

    /** An entry as it stands in the list, with a backend or none. */
    DcosNetReplay vip(String vip, String backend) {
        vips.append(vips.isEmpty() ? "" : ",")
                .append("{\"vip\":\"")
                .append(vip)
                .append("\",\"protocol\":\"tcp\",\"backend\":[")
                .append(backend)
                .append("]}");
        return this;
    }

    /** From now on every fiftieth question is lost. */
    void loseSome() {
        loses = true;
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    String dns() {
        return "127.0.0.1:" + dns.getLocalPort();
    }

    private void serve() {
        byte[] buffer = new byte[512];
        int asked = 0;
        while (!dns.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                dns.receive(packet);
                if (loses && ++asked % 50 == 0) {
                    continue;
                }
                byte[] answer = answer(new Message(java.util.Arrays.copyOf(buffer, packet.getLength())));
                dns.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private byte[] answer(Message query) throws IOException {
        Record question = query.getQuestion();
        Name name = question.getName();
        List<String> found = addresses.getOrDefault(name.toString(true), List.of());
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.AA);
        answer.addRecord(question, Section.QUESTION);
        if (found.isEmpty()) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        for (String ip : found) {
            answer.addRecord(new ARecord(name, DClass.IN, 5, Ip.of(ip).toInetAddress()), Section.ANSWER);
        }
        return answer.toWire();
    }

    @Override
    public void close() {
        http.stop(0);
        dns.close();
    }
}
