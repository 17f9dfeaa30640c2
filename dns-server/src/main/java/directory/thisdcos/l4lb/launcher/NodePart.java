package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.admin.AdminView;
import directory.thisdcos.l4lb.admin.DnsNames;
import directory.thisdcos.l4lb.dns.DnsServer;
import directory.thisdcos.l4lb.dns.DnsSettings;
import directory.thisdcos.l4lb.dns.ServedRecord;
import directory.thisdcos.l4lb.dns.resolvconf.ServerCheck;
import directory.thisdcos.l4lb.history.TableHistory;
import directory.thisdcos.l4lb.ipvs.DrainLimits;
import directory.thisdcos.l4lb.ipvs.IpvsException;
import directory.thisdcos.l4lb.ipvs.IpvsSettings;
import directory.thisdcos.l4lb.ipvs.IpvsSync;
import directory.thisdcos.l4lb.ipvs.ServiceCounters;
import directory.thisdcos.l4lb.local.LocalWeights;
import directory.thisdcos.l4lb.local.Place;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.NodePresence;
import directory.thisdcos.l4lb.store.StateFollower;
import directory.thisdcos.l4lb.store.ZooKeeperClient;
import directory.thisdcos.l4lb.store.disk.TableFile;
import io.prometheus.metrics.core.metrics.Histogram;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * What a machine needs to use the table.
 *
 * <pre>
 *   table file ─┐
 *   ZooKeeper ──┴▶ StateFollower ──▶ NodeLoop ──▶ kernel, DNS
 *                       └──▶ table file
 * </pre>
 */
final class NodePart {
    /** Between two looks of a node at its own registration without news; 10,000 nodes make 170 reads a second of it. */
    private static final Duration PRESENCE_INTERVAL = Duration.ofSeconds(60);

    private final NodeRole role;
    private final Context context;
    private final IpvsSync ipvs;
    private final LocalWeights weights;
    private final DnsServer dns;
    /** Done when the zones of the stored table are made. */
    private final CompletableFuture<Void> zones;

    private final TableFile file;
    private final Optional<TableFile.Loaded> stored;
    private final NodeLoop loop;
    private final HeapReturn heap = new HeapReturn();
    private volatile State served = State.EMPTY;
    private volatile Consumer<State> listener = table -> {};

    private NodePart(
            NodeRole role,
            Context context,
            IpvsSync ipvs,
            LocalWeights weights,
            DnsServer dns,
            CompletableFuture<Void> zones,
            TableFile file,
            Optional<TableFile.Loaded> stored) {
        this.role = role;
        this.context = context;
        this.ipvs = ipvs;
        this.weights = weights;
        this.dns = dns;
        this.zones = zones;
        this.file = file;
        this.stored = stored;
        this.loop = new NodeLoop(this::toKernel, this::toDns, this::applied, latency(context));
    }

    private static LongConsumer latency(Context context) {
        Histogram seconds = Histogram.builder()
                .name("l4lb_node_change_seconds")
                .help("Time from the arrival of a change to its answer: gathering, kernel and DNS")
                .classicUpperBounds(.001, .0025, .005, .01, .015, .02, .025, .05, .1, .25, .5, 1, 5)
                .register(context.registry());
        return nanos -> seconds.observe(nanos / 1e9);
    }

    /**
     * Binds DNS and serves the table of the data folder, if it has one.
     *
     * @param early a DNS server that answers already
     */
    static NodePart open(NodeRole role, DataFolder data, Optional<DnsServer> early, Context context)
            throws StartException {
        TableFile file = new TableFile(data.table());
        // Read and made into zones while the rest is opened and while the kernel takes it.
        Preload.Table preloaded = Preload.table(data.table());
        CompletableFuture<Optional<TableFile.Loaded>> stored =
                preloaded.loaded().thenApplyAsync(file::load);
        DnsServer dns = early.isPresent() ? early.get() : makeDns(role, context);
        CompletableFuture<Void> zones = early.isPresent()
                ? CompletableFuture.completedFuture(null)
                : stored.thenAcceptBothAsync(
                        preloaded.zones(),
                        (table, made) -> table.ifPresent(loaded -> dns.prepare(made, loaded.state())));
        LocalWeights weights = context.closer()
                .add(
                        "local weights",
                        new LocalWeights(
                                Place.of(ThisMachine.names(), role.attributes()),
                                context.registry(),
                                context.problems()));
        IpvsSync ipvs = openIpvs(role, data, weights, context);
        if (early.isEmpty()) {
            bind(dns::start);
        }
        NodePart part = new NodePart(role, context, ipvs, weights, dns, zones, file, stored.join());
        part.stored.ifPresent(table -> part.loop.applyFirst(table.state()));
        part.loop.start();
        weights.start(ipvs::touch);
        context.closer().add("node loop", part.loop);
        return part;
    }

    private static IpvsSync openIpvs(NodeRole role, DataFolder data, LocalWeights weights, Context context)
            throws StartException {
        IpvsSettings settings = IpvsSettings.of(role.ipvs(), data.ipvs())
                .withAuditInterval(role.ipvsAudit())
                .withDrain(new DrainLimits(role.ipvsDrain(), role.ipvsTuning().udpDrain()))
                .withPanicPercent(role.ipvsPanic())
                .withKernel(role.ipvsTuning().kernel())
                .withLocalView(weights::view)
                .withNodeNames(ThisMachine.names());
        try {
            return context.closer().add("IPVS sync", IpvsSync.open(settings, context.registry(), context.problems()));
        } catch (IpvsException e) {
            throw new StartException(
                    "--ipvs " + role.ipvs().name().toLowerCase(Locale.ROOT) + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StartException("the data folder " + data.ipvs() + ": " + Reasons.of(e), e);
        }
    }

    static DnsServer makeDns(NodeRole role, Context context) throws StartException {
        DnsInterface.ensure(role);
        try {
            return context.closer()
                    .add(
                            "DNS server",
                            new DnsServer(
                                    DnsSettings.of(role.dnsListen(), role.forward(), Optional.empty())
                                            .withAuthority(role.authority())
                                            .withRecursionClients(role.recursionClients()),
                                    context.registry(),
                                    context.problems()));
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** What may find that it cannot have an address. */
    interface Binding {
        void run() throws IOException;
    }

    static void bind(Binding binding) throws StartException {
        try {
            binding.run();
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Begins to follow the table in ZooKeeper.
     *
     * @param ensemble where it is, if other nodes may be there too
     * @param history told of each step of the table
     */
    void follow(ZooKeeperClient client, Optional<String> ensemble, TableHistory history) throws StartException {
        StateFollower follower = new StateFollower(client, stored, loop::offer, context.registry(), context.problems());
        TableKeeper keeper = new TableKeeper(follower, file, context.problems(), Duration.ZERO);
        context.closer().add("follower", follower);
        context.closer().add("table file", keeper);
        Optional<NeighbourWatch> neighbours =
                ensemble.isPresent() ? NeighbourWatch.open(role, client, ensemble.get(), context) : Optional.empty();
        NodePresence presence = new NodePresence(
                client,
                role.id(),
                new NodeReport(role, follower, this::served, dns, ipvs, neighbours),
                PRESENCE_INTERVAL,
                context.problems());
        context.closer().add("presence", presence);
        follower.onStep(history::observe);
        follower.start();
        keeper.start();
        presence.start();
        neighbours.ifPresent(watch -> watch.start(presence::changed));
    }

    private Set<Ip> toKernel(State table) {
        weights.observe(table);
        return ipvs.apply(table);
    }

    private void toDns(State table, Set<Ip> withheld) {
        zones.join();
        dns.publish(table, withheld);
    }

    private void applied(State table) {
        served = table;
        heap.served(table);
        listener.accept(table);
    }

    /** Sets who is told of each table that the kernel and DNS have taken; it hears of the present one at once. */
    void onServed(Consumer<State> newListener) {
        listener = newListener;
        newListener.accept(served);
    }

    /** Whether it does its work: tables are applied, and DNS answers at its own address. */
    boolean isAlive() {
        return loop.isAlive()
                && ServerCheck.answers(ThisMachine.reachable(dns.listening().get(0)));
    }

    State served() {
        return served;
    }

    List<Endpoint> dnsListening() {
        return dns.listening();
    }

    DnsNames names() {
        return new DnsNames() {
            @Override
            public Stream<Entry> all() {
                return dns.names().all().map(NodePart::entry);
            }

            @Override
            public List<Entry> ask(String name, String type) {
                return dns.names().ask(name, type).stream().map(NodePart::entry).toList();
            }
        };
    }

    private static DnsNames.Entry entry(ServedRecord record) {
        return new DnsNames.Entry(record.name(), record.type(), record.host(), record.port());
    }

    List<String> missing() {
        return dns.hasTable() ? List.of() : List.of("no table yet: neither in the data folder nor from ZooKeeper");
    }

    AdminView.DataPlane dataPlane() {
        IpvsSync.Status status = ipvs.status();
        String detail = status.lastError().orElse(status.reason());
        if (detail.isEmpty()) {
            detail = "data plane on: " + status.services() + " virtual services, " + status.destinations()
                    + " real servers, " + status.writes() + " writes since the start";
        }
        return new AdminView.DataPlane(
                status.mode().name().toLowerCase(Locale.ROOT),
                detail,
                ipvs::plan,
                ipvs::pending,
                out -> {
                    IpvsJson.status(status, out);
                    IpvsJson.checks(weights.checked(), weights.failures(), out);
                },
                (of, limit) -> {
                    List<ServiceCounters> services = ipvs.counters(of, limit);
                    return out -> IpvsJson.services(services, out);
                });
    }
}
