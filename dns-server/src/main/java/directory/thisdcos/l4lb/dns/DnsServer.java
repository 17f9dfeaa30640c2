package directory.thisdcos.l4lb.dns;

import directory.thisdcos.l4lb.dns.answer.AnswerCounters;
import directory.thisdcos.l4lb.dns.answer.AnswerPolicy;
import directory.thisdcos.l4lb.dns.answer.Answerer;
import directory.thisdcos.l4lb.dns.answer.DeferredQuery;
import directory.thisdcos.l4lb.dns.answer.RateLimit;
import directory.thisdcos.l4lb.dns.answer.TransferPolicy;
import directory.thisdcos.l4lb.dns.answer.Transport;
import directory.thisdcos.l4lb.dns.answer.TsigKeyFile;
import directory.thisdcos.l4lb.dns.answer.TsigKeys;
import directory.thisdcos.l4lb.dns.forward.Forwarder;
import directory.thisdcos.l4lb.dns.forward.LocalZones;
import directory.thisdcos.l4lb.dns.server.Engine;
import directory.thisdcos.l4lb.dns.server.EventLoops;
import directory.thisdcos.l4lb.dns.server.Listeners;
import directory.thisdcos.l4lb.dns.server.Notifier;
import directory.thisdcos.l4lb.dns.server.TlsFiles;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.zone.Alias;
import directory.thisdcos.l4lb.dns.zone.BuiltinZones;
import directory.thisdcos.l4lb.dns.zone.Catalog;
import directory.thisdcos.l4lb.dns.zone.DynamicZones;
import directory.thisdcos.l4lb.dns.zone.Zone;
import directory.thisdcos.l4lb.dns.zone.ZoneHistory;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Serves the names of the published table, static zones, and, through upstreams, everything else. Between a change and
 * the answer stands one reference to an immutable {@link Catalog}.
 */
public final class DnsServer implements AutoCloseable {
    private static final Ip LOOPBACK = Ip.of("127.0.0.1");
    /** Of its own, so that sockets to upstreams, made and closed by the thousand, hold up no answer of ours. */
    private static final int FORWARD_THREADS = 1;

    private final DnsSettings settings;
    private final ProblemBoard problems;
    private final AtomicReference<Catalog> catalog;
    private DynamicZones dynamic;
    private final AnswerPolicy policy;
    private final AnswerCounters counters;
    private final PublishMetrics metrics;
    private final StaticZones statics;
    private final ZoneHistory history = new ZoneHistory();
    private final Notifier notifier;
    private final EventLoops loops;
    private final EventLoops forwardLoops;
    private final Forwarder forwarder;
    private final Listeners listeners;
    private final Optional<UpstreamFile> upstreamFile;
    private final ServedNames names;

    /** @throws IllegalArgumentException if an upstream is this server itself */
    public DnsServer(DnsSettings settings, PrometheusRegistry registry, ProblemBoard problems) {
        LoopCheck.check(settings.listen(), settings.forward().addresses());
        this.settings = settings;
        this.problems = problems;
        List<Ip> addresses = serverAddresses(settings.listen());
        this.catalog = new AtomicReference<>(Catalog.of(BuiltinZones.of(addresses)));
        this.dynamic = new DynamicZones(addresses);
        Supplier<TsigKeys> keys = keys(settings, problems);
        this.policy = new AnswerPolicy(
                settings.authority().recursion() && settings.forward().isUsed(),
                settings.recursionClients(),
                Alias.ofDcos(settings.authority().clusterId()),
                new TransferPolicy(settings.authority().transferClients(), keys, history),
                new RateLimit(settings.authority().responsesPerSecond()),
                settings.serverId());
        this.counters = new AnswerCounters(registry);
        this.metrics = new PublishMetrics(registry, catalog::get);
        this.notifier = new Notifier(settings.authority().secondaries(), keys, problems);
        this.statics = new StaticZones(
                settings.authority().zones(), problems, zones -> catalog.updateAndGet(now -> now.withStatics(zones)));
        this.loops = EventLoops.start("dns", settings.threads());
        this.forwardLoops = EventLoops.start("dns-forward", FORWARD_THREADS);
        LocalZones local = localZones();
        this.names = new ServedNames(catalog::get, local::answer);
        this.forwarder = new Forwarder(forwardLoops.sockets(), settings.forward(), local, counters, registry, problems);
        this.listeners = new Listeners(loops, engine(), settings.threads());
        this.upstreamFile = settings.forward()
                .resolvConf()
                .map(file -> new UpstreamFile(file, listeners::listening, problems, forwarder::addUpstreams));
    }

    private static Supplier<TsigKeys> keys(DnsSettings settings, ProblemBoard problems) {
        Path file = settings.authority().tsigKeys().orElse(null);
        try {
            return file == null ? () -> TsigKeys.NONE : new TsigKeyFile(file, problems);
        } catch (IOException e) {
            throw new IllegalArgumentException("the TSIG keys cannot be read: " + e.getMessage(), e);
        }
    }

    private void served(Collection<Zone> zones) {
        history.add(zones);
        notifier.served(zones);
    }

    /** The addresses of the zone's name server: where we listen, as far as a client could tell. */
    private static List<Ip> serverAddresses(List<Endpoint> listen) {
        List<Ip> addresses = listen.stream()
                .map(Endpoint::ip)
                .filter(ip -> !ip.toInetAddress().isAnyLocalAddress())
                .distinct()
                .toList();
        return addresses.isEmpty() ? List.of(LOOPBACK) : addresses;
    }

    private LocalZones localZones() {
        Answerer answerer = new Answerer(catalog::get, policy, counters);
        byte[] out = new byte[Answerer.bufferSize(Transport.TCP)];
        return new LocalZones() {
            @Override
            public boolean contains(Name name) {
                NameView view = new NameView();
                view.read(name.wire(), 0, name.length());
                return Objects.requireNonNull(catalog.get()).above(view, 0) != null;
            }

            @Override
            public synchronized byte[] answer(byte[] query) {
                int size = answerer.answer(query, query.length, Transport.TCP, InetAddress.getLoopbackAddress(), out);
                return Arrays.copyOf(out, Math.max(0, size));
            }
        };
    }

    private Engine engine() {
        return new Engine() {
            @Override
            public Answerer newAnswerer() {
                return new Answerer(catalog::get, policy, counters, forwarder.newKnownAnswers());
            }

            @Override
            public void defer(DeferredQuery query, Consumer<byte[]> client) {
                forwarder.forward(query, client);
            }
        };
    }

    /**
     * Loads the static zones and binds every address. The exception's message is one line that names the address, the
     * protocol and the fix; after it the server is to be closed.
     */
    public void start() throws IOException {
        start(false);
    }

    /**
     * The same, beside a process of ours that serves the addresses until it is closed: none of the queries is lost in
     * between.
     */
    public void startBesideAnother() throws IOException {
        start(true);
    }

    private void start(boolean beside) throws IOException {
        notifier.start();
        statics.start();
        for (Endpoint address : settings.listen()) {
            listeners.bind(address, beside);
        }
        TlsFiles tls = settings.authority().tls().orElse(null);
        if (tls != null) {
            for (Endpoint address : settings.authority().tlsListen()) {
                listeners.bindTls(address, tls, problems, beside);
            }
        }
        LoopCheck.check(listeners.listening(), settings.forward().addresses());
        upstreamFile.ifPresent(UpstreamFile::start);
        forwarder.start();
    }

    /** The addresses that are bound for TLS, with their real ports. */
    public List<Endpoint> listeningTls() {
        return listeners.listeningTls();
    }

    /** The bound addresses; where port 0 was asked for, the real port, which is the same for UDP and TCP. */
    public List<Endpoint> listening() {
        return listeners.listening();
    }

    /**
     * Loads what takes long and depends on no setting, so that a thread of its own can do it while the settings are read.
     */
    public static void preload() {
        Listeners.preload();
    }

    /**
     * Takes zones that were made before there was a server, for a state that is published next; nothing is answered from
     * them yet. On any thread, but never beside {@link #publish}.
     */
    public void prepare(DynamicZones made, State state) {
        made.reachedAt(serverAddresses(settings.listen()));
        made.update(state, Set.of());
        dynamic = made;
    }

    /**
     * Answers from this state on, leaving out the addresses in {@code withheld}. Every query sees all of the change or
     * nothing of it. Called from one thread.
     */
    public void publish(State state, Set<Ip> withheld) {
        long began = System.nanoTime();
        List<Zone> zones = dynamic.update(state, withheld);
        catalog.updateAndGet(now -> now.withDynamics(zones));
        statics.dynamicOrigins(zones.stream().map(Zone::origin).toList());
        served(zones);
        metrics.published(System.nanoTime() - began);
    }

    /** What is served, for those that do not speak DNS. */
    public ServedNames names() {
        return names;
    }

    /** Whether a state was published: before that, names of our zone are answered with SERVFAIL. */
    public boolean hasTable() {
        return Objects.requireNonNull(catalog.get()).services().isReady();
    }

    @Override
    public void close() {
        listeners.close();
        statics.close();
        upstreamFile.ifPresent(UpstreamFile::close);
        forwarder.close();
        notifier.close();
        loops.close();
        forwardLoops.close();
    }
}
