package directory.thisdcos.l4lb.source.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP/1.1 over real sockets, and does whatever a test wants to happen on the wire: cut, stall, garbage. */
public final class ReplayServer implements AutoCloseable {

    /** @param headers by their names in lower case */
    public record Request(String method, String target, Map<String, String> headers, String body) {
        public String path() {
            return target.split("\\?", 2)[0];
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** Answers one request. */
    public interface Handler {
        void handle(Request request, Reply reply) throws IOException;
    }

    private final ServerSocket listener;
    private final String scheme;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Handler handler;
    private volatile boolean closed;

    public ReplayServer(Handler handler) throws IOException {
        this(handler, null);
    }

    public ReplayServer(Handler handler, @Nullable SSLContext tls) throws IOException {
        this.handler = handler;
        this.scheme = tls == null ? "http" : "https";
        InetAddress local = InetAddress.getLoopbackAddress();
        this.listener = tls == null
                ? new ServerSocket(0, 50, local)
                : tls.getServerSocketFactory().createServerSocket(0, 50, local);
        daemon(this::accept);
    }

    public void handler(Handler other) {
        handler = other;
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String url() {
        return scheme + "://127.0.0.1:" + port();
    }

    public List<Request> requests() {
        return requests;
    }

    /** How many requests had that path. */
    public long count(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).count();
    }

    /** Ends all connections as a killed process does. */
    public void cutAll() {
        sockets.forEach(ReplayServer::reset);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        cutAll();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "replay-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                Request request = read(in);
                if (request == null) {
                    return;
                }
                requests.add(request);
                Reply reply = new Reply(socket);
                handler.handle(request, reply);
                reply.end();
            }
        } catch (IOException e) {
            // The client went away, or the reply was to be cut.
        } finally {
            sockets.remove(socket);
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>();
        String header = line(in);
        while (!header.isEmpty()) {
            String[] parts = header.split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
            header = line(in);
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        String[] parts = first.split(" ", -1);
        return new Request(parts[0], parts[1], headers, new String(body, StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet = in.read();
        while (octet >= 0 && octet != '\n') {
            line.write(octet);
            octet = in.read();
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    /** What goes back. */
    public static final class Reply {
        private final Socket socket;
        private final OutputStream out;
        private boolean streaming;

        private Reply(Socket socket) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
        }

        /** A whole answer. */
        public void send(int status, String body, String... headers) throws IOException {
            byte[] octets = body.getBytes(StandardCharsets.UTF_8);
            raw(head(status, headers) + "Content-Length: " + octets.length + "\r\n\r\n");
            raw(octets);
        }

        public void json(String body) throws IOException {
            send(200, body, "Content-Type: application/json");
        }

        /** Begins an answer in chunks, which ends when the handler returns. */
        public Reply stream(int status, String... headers) throws IOException {
            streaming = true;
            raw(head(status, headers) + "Transfer-Encoding: chunked\r\n\r\n");
            return this;
        }

        public Reply chunk(String text) throws IOException {
            return chunk(text.getBytes(StandardCharsets.UTF_8));
        }

        public Reply chunk(byte[] octets) throws IOException {
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            one.writeBytes((Integer.toHexString(octets.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            one.writeBytes(octets);
            one.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            raw(one.toByteArray());
            return this;
        }

        public void raw(String text) throws IOException {
            raw(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void raw(byte[] octets) throws IOException {
            out.write(octets);
            out.flush();
        }

        /** Ends the connection at once. */
        public void cut() throws IOException {
            reset(socket);
            throw new IOException("cut");
        }

        /** Sends nothing more until the client goes away. */
        public void stall() throws IOException {
            while (socket.getInputStream().read() >= 0) {
                // Whatever it sends.
            }
            throw new IOException("the client left");
        }

        private void end() throws IOException {
            if (streaming) {
                raw("0\r\n\r\n");
            }
        }

        private static String head(int status, String... headers) {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            return head.toString();
        }
    }
}
