package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.Message;

/** A resolver over real sockets that behaves as its mood or, without one, the first label of a name tells it to. */
final class HostileUpstream implements AutoCloseable {
    private final DatagramSocket udp;
    private final Optional<ServerSocket> tcp;
    private final HostileAnswers answers;
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private final Set<Integer> ids = ConcurrentHashMap.newKeySet();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile String mood;

    /** A question as it came. */
    record Asked(Message query, boolean tcp) {
        String name() {
            return query.getQuestion().getName().toString();
        }
    }

    private HostileUpstream(DatagramSocket udp, Optional<ServerSocket> tcp, String mood) {
        this.udp = udp;
        this.tcp = tcp;
        this.mood = mood;
        this.answers = new HostileAnswers(udp);
    }

    static HostileUpstream start() {
        return start("", true);
    }

    /** With a mood for every name, and a TCP socket or none. */
    static HostileUpstream start(String mood, boolean withTcp) {
        try {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            DatagramSocket udp = new DatagramSocket(0, loopback);
            ServerSocket tcp = tcpOn(udp.getLocalPort(), loopback);
            while (!tcp.isBound()) {
                udp.close();
                udp = new DatagramSocket(0, loopback);
                tcp = tcpOn(udp.getLocalPort(), loopback);
            }
            udp.setReceiveBufferSize(1 << 21);
            if (!withTcp) {
                tcp.close();
            }
            HostileUpstream upstream = new HostileUpstream(udp, withTcp ? Optional.of(tcp) : Optional.empty(), mood);
            thread(upstream::serveUdp);
            if (withTcp) {
                thread(upstream::serveTcp);
            }
            return upstream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unbound if somebody has the port. */
    private static ServerSocket tcpOn(int port, InetAddress address) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(address, port), 16);
        } catch (BindException e) {
            socket.close();
        }
        return socket;
    }

    private static void thread(Runnable body) {
        Thread thread = new Thread(body, "hostile-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    Endpoint endpoint() {
        return new Endpoint(Ip.of("127.0.0.1"), udp.getLocalPort());
    }

    void setMood(String mood) {
        this.mood = mood;
    }

    Set<Integer> ports() {
        return ports;
    }

    Set<Integer> ids() {
        return ids;
    }

    /** The questions for a name, without regard to case. */
    List<Asked> asked(String name) {
        return asked.stream().filter(each -> each.name().equalsIgnoreCase(name)).toList();
    }

    /** All questions but the server's own probes. */
    List<Asked> asked() {
        return asked.stream().filter(each -> !isProbe(each.query())).toList();
    }

    private static boolean isProbe(Message query) {
        return query.getQuestion().getName().toString().contains("l4lb-loop-check");
    }

    private void note(Message query, boolean overTcp) {
        asked.add(new Asked(query, overTcp));
    }

    private String behaviour(Message query) {
        String label = query.getQuestion().getName().getLabelString(0).toLowerCase(Locale.ROOT);
        return (mood.isEmpty() ? label : mood).replaceAll("[0-9]", "");
    }

    private void serveUdp() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                udp.receive(packet);
                Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                note(query, false);
                if (!isProbe(query)) {
                    ports.add(packet.getPort());
                    ids.add(query.getHeader().getID());
                }
                answers.serve(behaviour(query), query, packet);
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void serveTcp() {
        ServerSocket server = tcp.orElseThrow();
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                thread(() -> serve(socket));
            } catch (IOException e) {
                // Closed: the test is over.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] bytes = new byte[in.readUnsignedShort()];
            in.readFully(bytes);
            Message query = new Message(bytes);
            note(query, true);
            String behaviour = behaviour(query);
            if (BrokenAnswers.serveTcp(behaviour, query, socket)) {
                return;
            }
            Optional<byte[]> reply = HostileAnswers.overTcp(behaviour, query);
            if (reply.isPresent()) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(reply.get().length);
                out.write(reply.get());
                out.flush();
            }
        } catch (IOException e) {
            // One connection less.
        }
    }

    @Override
    public void close() {
        try {
            udp.close();
            if (tcp.isPresent()) {
                tcp.get().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
