package directory.thisdcos.l4lb.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** Three ZooKeeper servers in processes of their own on this machine, writing to its disk as in production. */
final class StoreEnsemble implements AutoCloseable {
    private static final int SERVERS = 3;

    /** Of one count in /proc/PID/stat; Linux has 100 a second. */
    private static final double TICK_SECONDS = 0.01;

    private final List<Process> servers = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();

    StoreEnsemble(Path dir) throws IOException {
        List<String> common = new ArrayList<>(List.of(
                "tickTime=2000", "initLimit=20", "syncLimit=10", "maxClientCnxns=0", "globalOutstandingLimit=20000"));
        for (int i = 1; i <= SERVERS; i++) {
            common.add("server." + i + "=127.0.0.1:" + freePort() + ":" + freePort());
        }
        for (int i = 1; i <= SERVERS; i++) {
            Path home = Files.createDirectories(dir.resolve("zk" + i));
            int port = freePort();
            addresses.add("127.0.0.1:" + port);
            List<String> lines = new ArrayList<>(common);
            lines.addAll(List.of("dataDir=" + home, "clientPort=" + port));
            Files.write(home.resolve("zoo.cfg"), lines);
            Files.writeString(home.resolve("myid"), Integer.toString(i));
            servers.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx1g",
                            "-Dzookeeper.admin.enableServer=false",
                            "-cp",
                            System.getProperty("java.class.path"),
                            QuorumPeerMain.class.getName(),
                            home.resolve("zoo.cfg").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(dir.resolve("zk" + i + ".log").toFile())
                    .start());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** One of them: what is compared must not differ by who has the leader at hand. */
    String first() {
        return addresses.get(0);
    }

    String connect() {
        return String.join(",", addresses);
    }

    /** Processor time of all servers so far. */
    double cpuSeconds() throws IOException {
        double ticks = 0;
        for (Process server : servers) {
            String stat = Files.readString(Path.of("/proc/" + server.pid() + "/stat"));
            // proc(5): utime and stime are fields 14 and 15; the name before them may hold blanks.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            ticks += Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
        }
        return ticks * TICK_SECONDS;
    }

    @Override
    public void close() {
        servers.forEach(Process::destroyForcibly);
    }
}
