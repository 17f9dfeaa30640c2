package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.admin.AdminServer;
import directory.thisdcos.l4lb.admin.AdminView;
import directory.thisdcos.l4lb.dns.DnsServer;
import directory.thisdcos.l4lb.history.TableHistory;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.NodeDirectory;
import directory.thisdcos.l4lb.store.StateFollower;
import directory.thisdcos.l4lb.store.ZooKeeperClient;
import directory.thisdcos.l4lb.store.disk.TableFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** One running process: opens its parts, says that it is ready, and waits for its end. */
final class Program {
    /** The ring in ZooKeeper reaches back further, unless there are many changes. */
    private static final Duration STANDBY_SAVE_INTERVAL = Duration.ofSeconds(60);

    private final Settings settings;
    private final Context context = Context.create();

    /** What the API shows: what the node serves, or what an allocator without a node follows. */
    private volatile Supplier<State> table = () -> State.EMPTY;

    /** Starts last; until then the API says so. */
    private volatile Optional<AllocatorPart> allocator = Optional.empty();

    /** Every registered node where this process allocates. */
    private volatile Supplier<Collection<NodeStatus>> nodes = List::of;

    /** Where systemd started us, once it heard that we are ready. */
    private volatile Optional<ServiceManager> systemd = Optional.empty();

    private Program(Settings settings) {
        this.settings = settings;
    }

    /**
     * Runs until the process is asked to stop (SIGTERM, SIGINT), then closes everything and ends it with exit code 0.
     * Returns only by an exception, when it could not start.
     */
    static int run(CommonOptions options, Settings settings) throws StartException, InterruptedException {
        Logging.set(options.logLevel);
        Program program = new Program(settings);
        Thread stop = new Thread(program::stop, "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            program.start();
        } catch (StartException | RuntimeException e) {
            Runtime.getRuntime().removeShutdownHook(stop);
            program.context.closer().close();
            throw e;
        }
        new CountDownLatch(1).await();
        return 0;
    }

    /** Runs on the JVM's way out: by itself the JVM would end with 143 after SIGTERM, and a stop by request is 0. */
    private void stop() {
        systemd.ifPresent(manager -> Predecessor.successor(settings.data()).ifPresent(manager::succeededBy));
        context.closer().close();
        Runtime.getRuntime().halt(0);
    }

    private void start() throws StartException {
        if (settings.allocator().isPresent()) {
            AllocatorPart.checkFolders(settings.allocator().get());
        }
        Optional<DnsServer> early = Predecessor.relieve(settings, context);
        DataFolder data = context.closer().add("data folder", DataFolder.open(settings.data()));
        // ZooKeeper takes a second to start; the node's own sockets and table need not wait for it.
        ZooKeeperPart zooKeeper = ZooKeeperPart.begin(settings.ensemble(), data, context.problems());
        context.closer().add("embedded ZooKeeper", zooKeeper);
        Optional<NodePart> node = Optional.empty();
        if (settings.node().isPresent()) {
            node = Optional.of(NodePart.open(settings.node().get(), data, early, context));
        }
        node.ifPresent(part -> table = part::served);
        TableHistory history = context.closer().add("history", TableHistory.open(data.history(), context.problems()));
        AdminServer admin = openAdmin(node, history);
        ZooKeeperClient client = context.closer()
                .add("ZooKeeper client", zooKeeper.client(settings.acceptCluster(), context.registry()));
        client.start();
        announce(node, admin.listening(), zooKeeper.connect());
        if (node.isEmpty()) {
            followOnly(client, new TableFile(data.table()), history);
        } else {
            NodePart part = node.get();
            Hints hints = new Hints(System.err, part.dnsListening().get(0), admin.listening(), part::dataPlane);
            part.onServed(hints::served);
            part.follow(
                    client,
                    settings.ensemble() instanceof Ensemble.Existing
                            ? Optional.of(zooKeeper.connect())
                            : Optional.empty(),
                    history);
        }
        if (settings.allocator().isPresent()) {
            AllocatorPart part = AllocatorPart.start(
                    settings, settings.allocator().get(), client, zooKeeper.connect(), admin.listening(), context);
            allocator = Optional.of(part);
            NodeDirectory directory = new NodeDirectory(client, part::presences, context.registry());
            context.closer().add("node directory", directory);
            directory.start();
            nodes = () -> directory.nodes().values();
        }
        ServiceManager manager = context.closer().add("systemd", ServiceManager.of(System.getenv()));
        systemd = Optional.of(manager);
        Optional<NodePart> served = node;
        manager.ready(() -> served.map(NodePart::isAlive).orElse(true));
    }

    /** A standby too shows the table, although it writes none. It keeps it to know later what changed meanwhile. */
    private void followOnly(ZooKeeperClient client, TableFile file, TableHistory history) {
        StateFollower follower =
                new StateFollower(client, file.load(), state -> {}, context.registry(), context.problems());
        TableKeeper keeper = new TableKeeper(follower, file, context.problems(), STANDBY_SAVE_INTERVAL);
        context.closer().add("follower", follower);
        context.closer().add("table file", keeper);
        table = follower::current;
        follower.acceptFirst();
        follower.onStep(history::observe);
        follower.start();
        keeper.start();
    }

    private AdminServer openAdmin(Optional<NodePart> node, TableHistory history) throws StartException {
        AdminView view = new AdminView(
                () -> table.get(),
                context.problems(),
                () -> missing(node),
                () -> node.map(NodePart::dataPlane)
                        .orElse(new AdminView.DataPlane("off", "this process has no data plane", () -> "")),
                () -> allocator.map(AllocatorPart::control),
                () -> settings.allocator().map(allocates -> nodes.get()),
                Version.text(),
                node.map(NodePart::names),
                settings.frameworkZooKeepers(),
                Optional.of(history));
        try {
            AdminServer admin = AdminServer.open(settings.admin(), view, context.registry());
            context.closer().add("admin API", admin);
            admin.start();
            return admin;
        } catch (IOException e) {
            throw new StartException(Reasons.of(e), e);
        }
    }

    private List<String> missing(Optional<NodePart> node) {
        List<String> missing = new ArrayList<>();
        node.ifPresent(part -> missing.addAll(part.missing()));
        if (settings.allocator().isPresent()) {
            missing.addAll(allocator.map(AllocatorPart::missing).orElse(List.of("the allocator has not started yet")));
        }
        return missing;
    }

    /** The one line on standard output, for whoever waits for the start. */
    private static void announce(Optional<NodePart> node, Endpoint admin, String zooKeeper) {
        List<Endpoint> dns = node.map(NodePart::dnsListening).orElse(List.of());
        StringBuilder line = new StringBuilder("ready");
        if (!dns.isEmpty()) {
            line.append(" dns=")
                    .append(String.join(
                            ",", dns.stream().map(Endpoint::toString).toList()));
        }
        line.append(" admin=").append(admin).append(" zookeeper=").append(zooKeeper);
        node.ifPresent(part -> line.append(" table=").append(part.served().seq()));
        System.out.println(line);
        System.out.flush();
    }
}
