package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers each datagram with its name, a space and what it got. Listens on all addresses of IPv4. */
final class UdpServer implements AutoCloseable {
    private static final int LONGEST = 64;

    private final DatagramSocket socket;
    private final String name;
    private final AtomicInteger received = new AtomicInteger();

    private UdpServer(DatagramSocket socket, String name) {
        this.socket = socket;
        this.name = name;
    }

    static UdpServer start(String namespace, int port, String name) throws IOException {
        DatagramSocket socket =
                Namespace.in(namespace, () -> new DatagramSocket(new InetSocketAddress("0.0.0.0", port)));
        UdpServer server = new UdpServer(socket, name);
        Thread thread = new Thread(server::answer, "udp " + name);
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private void answer() {
        byte[] buffer = new byte[LONGEST];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                received.incrementAndGet();
                byte[] answer = (name + " " + new String(buffer, 0, packet.getLength(), US_ASCII)).getBytes(US_ASCII);
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    int received() {
        return received.get();
    }

    @Override
    public void close() {
        socket.close();
    }
}
