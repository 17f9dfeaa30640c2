package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.model.Endpoint;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.xbill.DNS.Message;

/** A resolver that speaks DNS over TLS, with a certificate for 127.0.0.1 and dns.test. */
final class TlsUpstream implements AutoCloseable {
    private static final String PASSWORD = "changeit";

    private final SSLServerSocket server;
    private final Path authority;
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile int repliesPerConnection = Integer.MAX_VALUE;

    private TlsUpstream(SSLServerSocket server, Path authority) {
        this.server = server;
        this.authority = authority;
    }

    static TlsUpstream start(Path folder) throws Exception {
        Path store = folder.resolve("keys.p12");
        Path authority = folder.resolve("authority.pem");
        keytool(
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                "dns",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=ip:127.0.0.1,dns:dns.test",
                "-validity",
                "30");
        keytool(
                "-exportcert",
                "-rfc",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                "dns",
                "-file",
                authority.toString());
        SSLServerSocket server = (SSLServerSocket) context(store)
                .getServerSocketFactory()
                .createServerSocket(0, 16, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        TlsUpstream upstream = new TlsUpstream(server, authority);
        thread(upstream::accept);
        return upstream;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(arguments));
        command.add(
                0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("keytool failed: " + command);
        }
    }

    private static SSLContext context(Path store) throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void thread(Runnable body) {
        Thread thread = new Thread(body, "tls-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                thread(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket accepted) {
        try (Socket socket = accepted) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            int replies = 0;
            while (replies++ < repliesPerConnection) {
                byte[] bytes = new byte[in.readUnsignedShort()];
                in.readFully(bytes);
                if (replies == 1) {
                    connections.incrementAndGet();
                }
                sizes.add(bytes.length);
                byte[] reply =
                        HostileAnswers.overTcp("good", new Message(bytes)).orElseThrow();
                out.writeShort(reply.length);
                out.write(reply);
                out.flush();
            }
        } catch (IOException e) {
            // The other side does not trust us, or has gone.
        }
    }

    /** With the name that its certificate must have. */
    ForwardSettings settings(String name, boolean trusted) {
        String text = "tls://" + new Endpoint(directory.thisdcos.l4lb.model.Ip.of("127.0.0.1"), server.getLocalPort());
        return ForwardSettings.parse(
                List.of(name.isEmpty() ? text : text + "#" + name),
                List.of(),
                trusted ? Optional.of(authority) : Optional.empty(),
                1 << 20);
    }

    /** Closes each connection after so many replies. */
    void setRepliesPerConnection(int replies) {
        repliesPerConnection = replies;
    }

    List<Integer> sizes() {
        return sizes;
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
