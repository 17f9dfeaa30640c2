package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** An open connection to an {@link EchoServer}. */
final class Client implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 5000;

    private final Socket socket;
    private final char server;

    private Client(Socket socket, char server) {
        this.socket = socket;
        this.server = server;
    }

    static Client connect(String namespace, String ip, int port) throws IOException {
        return connect(namespace, ip, port, 0);
    }

    static Client connect(String namespace, String ip, int port, int sourcePort) throws IOException {
        return Namespace.in(namespace, () -> {
            Socket socket = new Socket();
            socket.setReuseAddress(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            if (sourcePort != 0) {
                socket.bind(new InetSocketAddress(sourcePort));
            }
            socket.connect(new InetSocketAddress(Ip.of(ip).toInetAddress(), port), TIMEOUT_MILLIS);
            return new Client(socket, (char) socket.getInputStream().read());
        });
    }

    /** The name of a server, 'X' if the connection was refused. */
    static char ask(String namespace, String ip, int port) throws IOException {
        try (Client client = connect(namespace, ip, port)) {
            return client.server;
        } catch (ConnectException e) {
            return 'X';
        }
    }

    /** Whether a datagram meets an error at once, not silence: ICMP, or for a client on this host EPERM from send. */
    static boolean isUdpUnreachable(String namespace, String ip, int port) throws IOException {
        return Namespace.in(namespace, () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.connect(new InetSocketAddress(Ip.of(ip).toInetAddress(), port));
                socket.send(new DatagramPacket(new byte[] {'e'}, 1));
                socket.receive(new DatagramPacket(new byte[1], 1));
                return false;
            } catch (PortUnreachableException e) {
                return true;
            } catch (SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return String.valueOf(e.getMessage()).contains("not permitted");
            }
        });
    }

    char server() {
        return server;
    }

    /** Whether the connection still works both ways. */
    boolean echoes() throws IOException {
        socket.getOutputStream().write('e');
        return socket.getInputStream().read() == 'e';
    }

    /** Ends this half of the connection. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Whether the server's last words come, and then its end. */
    boolean readsEnd() throws IOException {
        return socket.getInputStream().read() == server
                && socket.getInputStream().read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
