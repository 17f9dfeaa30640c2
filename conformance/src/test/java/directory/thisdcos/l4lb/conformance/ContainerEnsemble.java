package directory.thisdcos.l4lb.conformance;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network.Ipam;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/**
 * Three ZooKeeper servers and an observer as containers, on one network among themselves and on another with their clients,
 * so that each can be cut alone.
 */
final class ContainerEnsemble implements AutoCloseable {
    static final String IMAGE = "l4lb-test-base";

    private static final String PEERS = "10.214.7.";
    private static final String CLIENTS = "10.214.8.";
    private static final int PORT = 2181;
    private static final int VOTERS = 3;

    /** Number of the server that has no vote. */
    private static final int OBSERVER = 4;

    private static final int SERVERS = OBSERVER;

    private final DockerClient docker = DockerClientFactory.instance().client();
    private final Network peers = network(PEERS);
    private final Network clients = network(CLIENTS);
    private final List<GenericContainer<?>> servers = new ArrayList<>();

    ContainerEnsemble(Path dir) throws IOException {
        Path jars = Files.createDirectories(dir.resolve("jars"));
        for (String element : System.getProperty("java.class.path").split(":", -1)) {
            if (element.endsWith(".jar")) {
                Path jar = Path.of(element);
                Files.copy(jar, jars.resolve(jar.getFileName().toString()));
            }
        }
        for (int i = 1; i <= SERVERS; i++) {
            Path home = Files.createDirectories(dir.resolve("zk" + i));
            Files.writeString(home.resolve("zoo.cfg"), configuration(i));
            Files.writeString(home.resolve("myid"), Integer.toString(i));
            servers.add(server(i, home, jars));
        }
    }

    private static Network network(String prefix) {
        return Network.builder()
                .createNetworkCmdModifier(command ->
                        command.withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(prefix + "0/24"))))
                .build();
    }

    private static String configuration(int number) {
        return Stream.concat(
                        Stream.of(
                                "dataDir=/zk",
                                "clientPort=" + PORT,
                                "tickTime=500",
                                "initLimit=20",
                                "syncLimit=4",
                                // A network that is cut takes its address along; the listener must outlive it.
                                "quorumListenOnAllIPs=true",
                                "admin.enableServer=false",
                                "4lw.commands.whitelist=srvr",
                                "peerType=" + (number == OBSERVER ? "observer" : "participant")),
                        IntStream.rangeClosed(1, SERVERS)
                                .mapToObj(i -> "server." + i + "=" + PEERS + (10 + i) + ":2888:3888"
                                        + (i == OBSERVER ? ":observer" : "")))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** The test's own Java runs in the containers too; the image is only Debian's base. */
    private GenericContainer<?> server(int number, Path home, Path jars) throws IOException {
        String java = System.getProperty("java.home");
        List<Bind> binds = new ArrayList<>(List.of(
                Bind.parse(java + ":" + java + ":ro"), Bind.parse(jars + ":/jars:ro"), Bind.parse(home + ":/zk")));
        // Debian's packages keep the settings of Java there.
        try (DirectoryStream<Path> settings = Files.newDirectoryStream(Path.of("/etc"), "java-*-openjdk")) {
            settings.forEach(folder -> binds.add(Bind.parse(folder + ":" + folder + ":ro")));
        }
        return new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withImagePullPolicy(image -> false)
                .withNetwork(peers)
                .withCreateContainerCmdModifier(command -> {
                    HostConfig host = Objects.requireNonNull(command.getHostConfig());
                    command.withHostConfig(host.withBinds(binds)).withIpv4Address(PEERS + (10 + number));
                })
                .withCommand(
                        java + "/bin/java",
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        "/jars/*",
                        QuorumPeerMain.class.getName(),
                        "/zk/zoo.cfg");
    }

    void start() {
        servers.forEach(GenericContainer::start);
        for (int i = 0; i < SERVERS; i++) {
            connect(i, clients, CLIENTS);
        }
    }

    /** Of the servers that vote. */
    String connect() {
        return IntStream.rangeClosed(1, VOTERS).mapToObj(this::address).collect(Collectors.joining(","));
    }

    String observer() {
        return address(OBSERVER);
    }

    boolean isObserving() {
        return mode(OBSERVER - 1).contains("Mode: observer");
    }

    int servers() {
        return SERVERS;
    }

    private String address(int number) {
        return CLIENTS + (10 + number) + ":" + PORT;
    }

    /** The index of the server that leads the others. */
    int leader() {
        for (int i = 0; i < VOTERS; i++) {
            if (mode(i).contains("Mode: leader")) {
                return i;
            }
        }
        throw new AssertionError("no server leads");
    }

    boolean hasLeader() {
        return IntStream.range(0, VOTERS).anyMatch(i -> mode(i).contains("Mode: leader"));
    }

    String mode(int index) {
        try (Socket socket = new Socket(CLIENTS + (11 + index), PORT)) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "unreachable: " + e;
        }
    }

    void cutFromPeers(int index) {
        disconnect(index, peers);
    }

    void mendPeers(int index) {
        connect(index, peers, PEERS);
    }

    void cutClients() {
        for (int i = 0; i < SERVERS; i++) {
            disconnect(i, clients);
        }
    }

    void mendClients() {
        for (int i = 0; i < SERVERS; i++) {
            connect(i, clients, CLIENTS);
        }
    }

    void restart(int index) {
        docker.restartContainerCmd(servers.get(index).getContainerId())
                .withTimeout(5)
                .exec();
    }

    private void disconnect(int index, Network network) {
        docker.disconnectFromNetworkCmd()
                .withContainerId(servers.get(index).getContainerId())
                .withNetworkId(network.getId())
                .withForce(true)
                .exec();
    }

    private void connect(int index, Network network, String prefix) {
        docker.connectToNetworkCmd()
                .withContainerId(servers.get(index).getContainerId())
                .withNetworkId(network.getId())
                .withContainerNetwork(new ContainerNetwork()
                        .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(prefix + (11 + index))))
                .exec();
    }

    /** For the report of a failure. */
    String lastWords() {
        return servers.stream()
                .map(server -> server.isRunning() ? server.getLogs() : "not running")
                .map(log -> log.substring(Math.max(0, log.length() - 1_500)))
                .collect(Collectors.joining("\n---\n"));
    }

    @Override
    public void close() {
        servers.forEach(GenericContainer::stop);
        peers.close();
        clients.close();
    }
}
