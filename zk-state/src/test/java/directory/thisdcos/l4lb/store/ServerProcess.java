package directory.thisdcos.l4lb.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** A ZooKeeper server in a process of its own, with ZooKeeper's own main class. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final int port;
    private final Path logFile;

    /** How it is protected. */
    enum Security {
        NONE,
        SASL,
        TLS
    }

    private ServerProcess(Process process, int port, Path logFile) {
        this.logFile = logFile;
        this.process = process;
        this.port = port;
    }

    static ServerProcess start(Path dir, Security security) throws Exception {
        int port = TestCluster.freePort();
        Path config = dir.resolve("zoo.cfg");
        Path jaas = dir.resolve("jaas.conf");
        Files.write(config, configuration(dir, port, security));
        Files.writeString(
                jaas,
                "Server { org.apache.zookeeper.server.auth.DigestLoginModule required"
                        + " user_allocator=\"allocator-secret\" user_node=\"node-secret\"; };\n");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dzookeeper.admin.enableServer=false",
                "-Dzookeeper.jmx.log4j.disable=true"));
        if (security == Security.SASL) {
            command.add("-Djava.security.auth.login.config=" + jaas);
        }
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), QuorumPeerMain.class.getName(), config.toString()));
        Path log = dir.resolve("server.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ServerProcess server = new ServerProcess(process, port, log);
        Await.until("the server listens", server::listens);
        return server;
    }

    private static List<String> configuration(Path dir, int port, Security security) {
        List<String> lines = new ArrayList<>(List.of("dataDir=" + dir.resolve("data"), "tickTime=1000"));
        String listener = security == Security.TLS ? "secureClientPort" : "clientPort";
        lines.addAll(List.of(listener + "=" + port, listener + "Address=127.0.0.1"));
        if (security == Security.SASL) {
            lines.add("authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider");
        }
        if (security == Security.TLS) {
            lines.addAll(List.of(
                    "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
                    "authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider",
                    "ssl.keyStore.location=" + dir.resolve("server.p12"),
                    "ssl.keyStore.password=" + Certificates.PASSWORD,
                    "ssl.trustStore.location=" + dir.resolve("ca.pem"),
                    "ssl.clientAuth=need"));
        }
        return lines;
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new AssertionError("the server ended: " + log());
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(logFile);
        } catch (IOException e) {
            return e.toString();
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
