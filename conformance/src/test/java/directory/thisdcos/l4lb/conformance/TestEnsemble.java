package directory.thisdcos.l4lb.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** Three ZooKeeper servers in processes of their own, each on its own machine. */
final class TestEnsemble implements AutoCloseable {
    private static final int SERVERS = 3;

    private final List<ClusterProcess> servers = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();

    /** @param tickMillis the ensemble grants sessions of 2 to 20 ticks */
    TestEnsemble(ClusterNetwork network, Path dir, int tickMillis) throws IOException, InterruptedException {
        List<String> peers = new ArrayList<>();
        for (int i = 1; i <= SERVERS; i++) {
            ClusterNetwork.Machine machine = network.machine("zk" + i);
            String ip = machine.ip();
            peers.add("server." + i + "=" + ip + ":" + freePort() + ":" + freePort());
            addresses.add(ip + ":" + freePort());
        }
        for (int i = 1; i <= SERVERS; i++) {
            Path home = Files.createDirectories(dir.resolve("zk" + i));
            Files.writeString(home.resolve("myid"), Integer.toString(i));
            List<String> lines = new ArrayList<>(peers);
            String address = addresses.get(i - 1);
            lines.addAll(List.of(
                    "dataDir=" + home,
                    "clientPort=" + address.substring(address.indexOf(':') + 1),
                    "clientPortAddress=" + address.substring(0, address.indexOf(':')),
                    "tickTime=" + tickMillis,
                    "initLimit=20",
                    "syncLimit=4",
                    "maxClientCnxns=0"));
            Path config = home.resolve("zoo.cfg");
            Files.write(config, lines);
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dzookeeper.admin.enableServer=false",
                    "-Dzookeeper.forceSync=no",
                    "-cp",
                    System.getProperty("java.class.path"),
                    QuorumPeerMain.class.getName(),
                    config.toString());
            servers.add(
                    new ClusterProcess(network.machine("zk" + i), command, Map.of(), dir.resolve("zk" + i + ".log")));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    void start() throws IOException, InterruptedException {
        for (ClusterProcess server : servers) {
            server.ensureRunning();
        }
    }

    List<ClusterProcess> servers() {
        return servers;
    }

    String connect() {
        return addresses.stream().collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        servers.forEach(ClusterProcess::close);
    }
}
