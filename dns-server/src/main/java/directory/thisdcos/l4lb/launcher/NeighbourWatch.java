package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.probe.Neighbour;
import directory.thisdcos.l4lb.probe.NeighbourProbes;
import directory.thisdcos.l4lb.store.NodeNeighbours;
import directory.thisdcos.l4lb.store.ZooKeeperClient;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the neighbours that ZooKeeper names with the probes that look at them, and these with the node's presence. */
final class NeighbourWatch implements AutoCloseable, NeighbourProbes.Listener {
    private static final Logger log = LoggerFactory.getLogger(NeighbourWatch.class);

    private final NeighbourProbes probes;
    private final NodeNeighbours neighbours;
    private final Optional<Endpoint> address;
    private volatile @Nullable Runnable onNews;

    private NeighbourWatch(NodeRole role, ZooKeeperClient client, String connect, Context context) throws IOException {
        this.probes = open(role.probe(), context);
        this.neighbours = new NodeNeighbours(client, role.id(), role.probe().neighbours(), this::found);
        this.address = address(role.probe().listen(), connect).map(ip -> new Endpoint(ip, probes.port()));
    }

    /**
     * Begins to listen. Empty where it is off, or where this process's own ZooKeeper can have no other nodes.
     *
     * @param connect {@code host:port,…} of ZooKeeper
     */
    static Optional<NeighbourWatch> open(NodeRole role, ZooKeeperClient client, String connect, Context context)
            throws StartException {
        if (role.probe().neighbours() == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(context.closer().add("neighbours", new NeighbourWatch(role, client, connect, context)));
        } catch (IOException e) {
            throw new StartException("--probe-listen: " + Reasons.of(e), e);
        }
    }

    /** Another process of this machine may have the usual port; the one that is used stands in the presence. */
    private NeighbourProbes open(ProbeRole role, Context context) throws IOException {
        try {
            return NeighbourProbes.open(role.settings(), role.listen(), this, context.registry());
        } catch (IOException e) {
            if (role.listen().port() == 0) {
                throw e;
            }
            log.warn("--probe-listen: {}; using another port", e.getMessage());
            return NeighbourProbes.open(
                    role.settings(), new Endpoint(role.listen().ip(), 0), this, context.registry());
        }
    }

    void start(Runnable newOnNews) {
        onNews = newOnNews;
        neighbours.start();
    }

    private void found(List<NodeStatus> nodes) {
        probes.neighbours(nodes.stream()
                .flatMap(node -> node.probe().stream().map(probe -> new Neighbour(node.id(), probe)))
                .toList());
    }

    @Override
    public void witnessChanged() {
        Runnable told = onNews;
        if (told != null) {
            told.run();
        }
    }

    @Override
    public void neighboursDoubted() {
        neighbours.doubt();
    }

    /** Where others look at this node; empty if no address of it is known. */
    Optional<Endpoint> address() {
        return address;
    }

    SortedSet<Ip> unreachable() {
        return probes.unreachable();
    }

    /** The address that others see: the one that was given, or that from which the kernel would ask ZooKeeper. */
    private static Optional<Ip> address(Endpoint listen, String connect) {
        if (!listen.ip().toInetAddress().isAnyLocalAddress()) {
            return Optional.of(listen.ip());
        }
        String server = connect.replaceFirst("[,/].*", "");
        int colon = server.lastIndexOf(':');
        // Connecting a datagram socket sends nothing; it only chooses the route.
        try (DatagramSocket socket = new DatagramSocket()) {
            String host = server.substring(0, colon).replaceAll("[\\[\\]]", "");
            socket.connect(new InetSocketAddress(host, Integer.parseInt(server.substring(colon + 1))));
            return Optional.of(Ip.of(socket.getLocalAddress()));
        } catch (SocketException | RuntimeException e) {
            log.warn(
                    "no address is known at which other nodes could look at this one; give --probe-listen ADDR:PORT: {}",
                    e.toString());
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        neighbours.close();
        probes.close();
    }
}
