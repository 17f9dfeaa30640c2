package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.disk.TableFile;
import directory.thisdcos.l4lb.store.embedded.EmbeddedZooKeeper;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A real ZooKeeper that can be stopped, started again at the same port, and wiped, with clients that close with it.
 * Nothing in it polls, so that a test shows that the watch works.
 */
final class TestCluster implements AutoCloseable {
    private static final Ip LOOPBACK = Ip.of("127.0.0.1");

    private final Deque<Closeable> open = new ArrayDeque<>();
    private final Endpoint listen;
    private final ProblemBoard problems = new ProblemBoard(new PrometheusRegistry(), InstantSource.system());
    private Path data;
    private EmbeddedZooKeeper server;

    TestCluster(Path data) throws IOException, StoreException {
        this.data = data;
        this.listen = new Endpoint(LOOPBACK, freePort());
        this.server = new EmbeddedZooKeeper(data, listen, problems);
        server.start();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK.toInetAddress())) {
            return socket.getLocalPort();
        }
    }

    ProblemBoard problemBoard() {
        return problems;
    }

    /** The subjects of the problems that exist now, with their messages. */
    List<String> problems() {
        return problems.entries().stream()
                .map(entry -> entry.problem().toString())
                .toList();
    }

    void stop() {
        server.close();
    }

    void restart() throws StoreException {
        server.close();
        server = new EmbeddedZooKeeper(data, listen, problems);
        server.start();
    }

    /** After a restart the first request may meet the old connection; a leader would try again, and so does this. */
    State takeOver(ZooKeeperJournal journal) throws InterruptedException {
        AtomicReference<State> state = new AtomicReference<>();
        Await.until("the take-over", () -> {
            try {
                state.set(journal.takeOver());
                return true;
            } catch (StoreException e) {
                return false;
            }
        });
        return Objects.requireNonNull(state.get());
    }

    /**
     * Starts with another data folder: an empty one, or a copy of the past. Clients that have seen a later transaction
     * are turned away, until Curator gives up their session.
     */
    void restartWith(Path otherData) throws StoreException {
        data = otherData;
        restart();
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    <T> T closing(T resource, Closeable close) {
        open.push(close);
        return resource;
    }

    FlakyProxy proxy() throws IOException {
        FlakyProxy proxy = new FlakyProxy(listen);
        return closing(proxy, proxy);
    }

    Leadership leadership(String id) {
        Leadership leadership = new Leadership(client(), id);
        return closing(leadership, leadership::close);
    }

    ZooKeeperClient client() {
        return client(listen, settings -> settings);
    }

    ZooKeeperClient client(UnaryOperator<ZooKeeperSettings> change) {
        return client(listen, change);
    }

    ZooKeeperClient client(Endpoint address, UnaryOperator<ZooKeeperSettings> change) {
        ZooKeeperSettings settings = ZooKeeperSettings.of(address.toString())
                // The shortest that a server with ticks of 2 s grants.
                .withTimeouts(Duration.ofSeconds(4), Duration.ofSeconds(10))
                .withPollInterval(Duration.ofMinutes(10))
                .withReloadJitter(Duration.ofMillis(20));
        ZooKeeperClient client = new ZooKeeperClient(change.apply(settings), new PrometheusRegistry());
        client.start();
        return closing(client, client::close);
    }

    ZooKeeperJournal journal(UnaryOperator<ZooKeeperSettings> change) {
        return journal(client(change));
    }

    ZooKeeperJournal journal(ZooKeeperClient client) {
        return new ZooKeeperJournal(client);
    }

    StateFollower follower(ZooKeeperClient client, Optional<TableFile.Loaded> initial, Consumer<State> listener) {
        StateFollower follower = new StateFollower(client, initial, listener, new PrometheusRegistry(), problems);
        follower.start();
        return closing(follower, follower::close);
    }

    StateFollower follower() {
        return follower(client(), Optional.empty(), state -> {});
    }

    /** Appends batches of one change each. */
    static State append(ZooKeeperJournal journal, List<Change> changes) throws StoreException {
        State state = State.EMPTY;
        for (Change change : changes) {
            state = journal.append(List.of(change));
        }
        return state;
    }

    static void awaitEqual(StateFollower follower, State state) throws InterruptedException {
        Await.until(
                "the follower has " + state,
                () -> follower.current().seq() == state.seq()
                        && follower.current().hash() == state.hash()
                        && !follower.stale());
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        server.close();
    }
}
