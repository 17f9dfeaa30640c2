package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands between a client and ZooKeeper, and can swallow replies, or cut every connection. */
final class FlakyProxy implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(FlakyProxy.class);

    private final ServerSocket listener;
    private final Endpoint server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger swallowedEvents = new AtomicInteger();
    private volatile boolean swallowReplies;
    private volatile boolean swallowEvents;
    private final Map<String, Integer> requests = RequestCounter.newCounts();

    FlakyProxy(Endpoint server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 50, Ip.of("127.0.0.1").toInetAddress());
        threads.execute(this::accept);
    }

    Endpoint address() {
        return new Endpoint(Ip.of("127.0.0.1"), listener.getLocalPort());
    }

    void swallowReplies(boolean swallow) {
        swallowReplies = swallow;
    }

    /** From now on a packet that begins with a watch event (xid -1) is lost. */
    void swallowEvents(boolean swallow) {
        swallowEvents = swallow;
    }

    int swallowedEvents() {
        return swallowedEvents.get();
    }

    /** @return how many octets of a reply pass: all, or none */
    private int filter(byte[] reply, int length) {
        boolean event =
                swallowEvents && length >= 8 && reply[4] == -1 && reply[5] == -1 && reply[6] == -1 && reply[7] == -1;
        if (event) {
            swallowedEvents.incrementAndGet();
        }
        return event || swallowReplies ? 0 : length;
    }

    /** How many requests clients sent since the last call, by kind; without pings. */
    Map<String, Integer> takeRequests() {
        synchronized (requests) {
            Map<String, Integer> taken = new TreeMap<>(requests);
            requests.clear();
            return taken;
        }
    }

    /** Cuts every connection, and lets no other come: as if the machine were off. */
    void refuse() throws IOException {
        listener.close();
        cut();
    }

    void cut() {
        sockets.forEach(FlakyProxy::close);
        sockets.clear();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket upstream = new Socket(server.ip().toInetAddress(), server.port());
                sockets.add(client);
                sockets.add(upstream);
                threads.execute(() -> pump(client, upstream, true));
                threads.execute(() -> pump(upstream, client, false));
            }
        } catch (IOException e) {
            log.debug("the proxy ends: {}", e.getMessage());
        }
    }

    private void pump(Socket from, Socket to, boolean fromClient) {
        RequestCounter counter = new RequestCounter(requests);
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                int passed = fromClient ? read : filter(buffer, read);
                if (passed > 0) {
                    out.write(buffer, 0, passed);
                    out.flush();
                }
                if (fromClient) {
                    counter.feed(buffer, read);
                }
            }
        } catch (IOException e) {
            log.debug("a connection ends: {}", e.getMessage());
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("cannot close a socket: {}", e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
        threads.shutdownNow();
    }
}
