package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.Source;
import directory.thisdcos.l4lb.source.SourceSink;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.Backoff;
import directory.thisdcos.l4lb.source.http.HttpAnswer;
import directory.thisdcos.l4lb.source.http.HttpFailure;
import directory.thisdcos.l4lb.source.http.HttpFailure.Reason;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ServerGroup;
import directory.thisdcos.l4lb.source.marathon.RunSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Marathon: keeps a stream of its events open, and reads everything anew whenever there is a new one. */
public final class MarathonSource implements Source {
    private static final Logger log = LoggerFactory.getLogger(MarathonSource.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(10);

    /** A stream that lasted for so long was a good one. */
    private static final Duration STEADY = Duration.ofSeconds(5);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

    /** Names of agents get their addresses in swarms. */
    private static final Duration HOSTS_SETTLE = Duration.ofMillis(100);

    /** So many apps are read at once, at most. */
    private static final int WORKERS = 4;

    private final MarathonSettings settings;
    private final String id;
    private final HttpTransport transport;
    private final ServerGroup servers;
    private final MarathonApi api;
    private final HostAddresses hosts;
    private final MarathonMetrics metrics;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(daemons("marathon-timer"));
    private final ScheduledExecutorService workers =
            Executors.newScheduledThreadPool(WORKERS + 1, daemons("marathon-work"));
    private final Set<String> resolved = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean telling = new AtomicBoolean();
    private final Consumer<String> resolving = this::resolved;
    private volatile @Nullable Running running;
    private volatile boolean closed;

    /** What exists once there is a sink. */
    private record Running(
            Thread thread, MarathonMirror mirror, LinkState link, Refetches refetches, FullReads fullReads) {}

    private volatile String framework = "marathon";

    /**
     * A source that is not started yet.
     *
     * @param transport its own: it is closed with the source
     */
    public MarathonSource(
            MarathonSettings settings,
            HttpTransport transport,
            Authorization authorization,
            HostAddresses hosts,
            MarathonMetrics metrics) {
        this.settings = settings;
        this.id = settings.id();
        this.transport = transport;
        this.servers = new ServerGroup(transport, settings.urls(), authorization);
        this.api = new MarathonApi(servers, id);
        this.hosts = hosts;
        this.metrics = metrics;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void start(SourceSink sink) {
        MarathonMirror mirror = new MarathonMirror(id, hosts, sink);
        LinkState link = new LinkState(id, sink);
        FullReads fullReads = new FullReads(workers, believeEmpty -> readAll(mirror, link, believeEmpty));
        Refetches refetches = new Refetches(timer, workers, spec -> readOne(mirror, spec));
        Thread thread = daemons("marathon-events").newThread(() -> listen());
        running = new Running(thread, mirror, link, refetches, fullReads);
        link.begin();
        hosts.addListener(resolving);
        long every = settings.resync().toMillis();
        var unused = timer.scheduleWithFixedDelay(fullReads::request, every, every, TimeUnit.MILLISECONDS);
        thread.start();
    }

    /** Opens one stream after the other. */
    private void listen() {
        Running parts = running;
        Backoff backoff = new Backoff(FIRST_PAUSE, LAST_PAUSE);
        while (!closed && parts != null) {
            long begin = System.nanoTime();
            try {
                follow(parts);
            } catch (HttpFailure e) {
                lost(parts, e);
            } catch (RuntimeException e) {
                log.error("source={} failed; what it said stays in force", id, e);
                parts.link.lost("it failed: " + e);
            }
            if (System.nanoTime() - begin > STEADY.toNanos()) {
                backoff.reset();
            }
            pause(backoff.next());
        }
    }

    private void follow(Running parts) throws HttpFailure {
        MarathonApi.Info info = api.info();
        framework = info.name();
        HttpAnswer answer;
        try {
            answer = api.events(settings.silence());
        } catch (HttpFailure e) {
            // It answers, only not with events: what it has is worth reading all the same.
            parts.fullReads.request();
            throw e;
        }
        try (EventSession open =
                new EventSession(answer, id, parts.mirror, parts.refetches, parts.fullReads, metrics)) {
            parts.mirror.newStream();
            parts.link.attached(answer.server() + ", Marathon " + info.version() + ", framework " + info.name());
            open.run(timer);
        }
    }

    private void lost(Running parts, HttpFailure failure) {
        if (closed) {
            return;
        }
        metrics.failed(id, failure);
        parts.link.lost(String.valueOf(failure.getMessage()));
        if (failure.reason() == Reason.TIMEOUT || failure.reason() == Reason.MALFORMED) {
            servers.preferAnother();
        }
    }

    private void pause(Duration time) {
        try {
            if (!closed) {
                TimeUnit.MILLISECONDS.sleep(time.toMillis());
            }
        } catch (InterruptedException e) {
            // Closed meanwhile.
        }
    }

    private boolean readAll(MarathonMirror mirror, LinkState link, boolean believeEmpty) throws HttpFailure {
        long since = mirror.beginReading();
        long begin = System.nanoTime();
        try {
            Snapshot snapshot = api.snapshot(framework);
            boolean vanished = snapshot.specs().isEmpty() && !(mirror.isSynced() && mirror.size() == 0);
            if (vanished && !believeEmpty) {
                link.failed("it has no app at all; asked again before that is believed");
                metrics.unusable(id, "empty");
                return false;
            }
            if (closed) {
                return true;
            }
            Set<String> again = mirror.snapshot(snapshot, since, begin);
            metrics.snapshot(id, System.nanoTime() - begin);
            log.debug("source={} read {} apps and pods", id, snapshot.specs().size());
            link.synced();
            refetchAfter(again);
            return true;
        } catch (HttpFailure e) {
            metrics.failed(id, e);
            link.failed(String.valueOf(e.getMessage()));
            servers.preferAnother();
            throw e;
        } finally {
            mirror.endReading(since);
        }
    }

    private void refetchAfter(Set<String> again) {
        Running parts = running;
        if (parts != null) {
            parts.refetches.touch(again);
        }
    }

    private boolean readOne(MarathonMirror mirror, String spec) throws HttpFailure {
        long since = mirror.beginReading();
        long begin = System.nanoTime();
        try {
            Optional<RunSpec> read = api.one(spec, framework, mirror.isPod(spec));
            metrics.read(id, "one");
            return !closed && mirror.one(spec, read, since, begin);
        } catch (HttpFailure e) {
            if (!closed) {
                metrics.failed(id, e);
                log.debug("source={} cannot read {}: {}", id, spec, e.getMessage());
            }
            throw e;
        } finally {
            mirror.endReading(since);
        }
    }

    private void resolved(String host) {
        resolved.add(host);
        if (telling.compareAndSet(false, true)) {
            try {
                var unused = timer.schedule(this::tellResolved, HOSTS_SETTLE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                log.debug("source={} is closed", id);
            }
        }
    }

    private void tellResolved() {
        telling.set(false);
        Set<String> names = new HashSet<>(resolved);
        resolved.removeAll(names);
        Running parts = running;
        if (parts != null && !closed) {
            parts.mirror.hostsChanged(names);
        }
    }

    @Override
    public void close() {
        closed = true;
        hosts.removeListener(resolving);
        timer.shutdownNow();
        workers.shutdownNow();
        transport.close();
        Running parts = running;
        try {
            if (parts != null) {
                parts.thread.interrupt();
                parts.thread.join(STOP_WITHIN.toMillis());
            }
            if (!workers.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("source={} still reads", id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
