package directory.thisdcos.l4lb.ipvs;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;

/** Answers each datagram with its one-letter name and what it got. Listens on all addresses of IPv4. */
final class UdpServer implements AutoCloseable {
    private final DatagramSocket socket;
    private final char name;

    private UdpServer(DatagramSocket socket, char name) {
        this.socket = socket;
        this.name = name;
    }

    static UdpServer start(String namespace, int port, char name) throws IOException {
        DatagramSocket socket =
                Namespace.in(namespace, () -> new DatagramSocket(new InetSocketAddress("0.0.0.0", port)));
        UdpServer server = new UdpServer(socket, name);
        Thread thread = new Thread(server::answer, "udp " + name);
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private void answer() {
        byte[] buffer = new byte[64];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, 1, buffer.length - 1);
                socket.receive(packet);
                buffer[0] = (byte) name;
                socket.send(new DatagramPacket(buffer, 0, packet.getLength() + 1, packet.getSocketAddress()));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
