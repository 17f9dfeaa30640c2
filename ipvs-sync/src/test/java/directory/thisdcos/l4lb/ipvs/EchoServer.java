package directory.thisdcos.l4lb.ipvs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Says its one-letter name to each client, then gives back what it gets, and its name again at the end. Listens on all addresses, both families. */
final class EchoServer implements AutoCloseable {
    private final ServerSocket socket;
    private final char name;
    private volatile boolean holdEnd;

    private EchoServer(ServerSocket socket, char name) {
        this.socket = socket;
        this.name = name;
    }

    static EchoServer start(String namespace, int port, char name) throws IOException {
        ServerSocket socket = Namespace.in(namespace, () -> {
            ServerSocket made = new ServerSocket();
            made.bind(new InetSocketAddress("::", port), 200);
            return made;
        });
        EchoServer server = new EchoServer(socket, name);
        daemon(server::accept);
        return server;
    }

    private static void daemon(Runnable code) {
        Thread thread = new Thread(code, "echo");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                daemon(() -> echo(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void echo(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            out.write(name);
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                out.write(octet);
            }
            while (holdEnd) {
                Thread.sleep(50);
            }
            out.write(name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // the client went away
        }
    }

    /** Whether to wait with the last words to a client that has ended its half of the connection. */
    void holdEnd(boolean hold) {
        holdEnd = hold;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
