package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.Source;
import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.SourceSink;
import directory.thisdcos.l4lb.source.http.Backoff;
import directory.thisdcos.l4lb.source.http.HttpAnswer;
import directory.thisdcos.l4lb.source.http.HttpFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of a Mesos master: the whole cluster, then each change. Its thread {@code mesos-master} reads; {@code
 * mesos-timer} notices silence and what is due. When the stream breaks, what was said stays in force, and the next
 * stream begins with the whole cluster again.
 */
public final class MasterSource implements Source {
    private static final Logger log = LoggerFactory.getLogger(MasterSource.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(5);

    /** A stream that lived for so long was no failed attempt. */
    private static final Duration LIVED = Duration.ofSeconds(10);

    private static final long TICK_MILLIS = 250;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

    private final String id;
    private final Masters masters;
    private final MesosSettings settings;
    private final MesosMetrics metrics;
    private final HostAddresses hosts;
    private final MirrorFeed feed;
    private final Thread thread = new Thread(this::run, "mesos-master");
    private final ScheduledExecutorService timer;
    private final Consumer<String> hostListener = this::resolved;
    private final Semaphore hurry = new Semaphore(0);
    private volatile @Nullable MasterStream stream;
    private volatile boolean closed;
    private SourceSink sink = NoSink.INSTANCE;

    /** A source that is not started yet. */
    public MasterSource(
            Masters masters, MesosSettings settings, HostAddresses hosts, MesosMetrics metrics, InstantSource clock) {
        this.id = "mesos:" + masters;
        this.masters = masters;
        this.settings = settings;
        this.metrics = metrics;
        this.hosts = hosts;
        this.feed = new MirrorFeed(id, settings, hosts, metrics, clock);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "mesos-timer");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void start(SourceSink newSink) throws IOException {
        sink = newSink;
        report(new SourceHealth(SourceHealth.Status.CONNECTING, "asking " + masters));
        feed.start(newSink);
        hosts.addListener(hostListener);
        masters.start(this::leaderChanged);
        var unused = timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        Backoff backoff = new Backoff(FIRST_PAUSE, LAST_PAUSE);
        Duration silence = settings.silence();
        try {
            while (!closed) {
                long begin = System.nanoTime();
                IOException failure = readOnce(silence);
                silence = feed.silence();
                if (System.nanoTime() - begin > LIVED.toNanos()) {
                    backoff.reset();
                }
                if (!closed) {
                    pause(failure, backoff.next());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads one stream to its end, which is always a failure. */
    private IOException readOnce(Duration silence) {
        try (HttpAnswer answer = masters.current().call(MasterStream.subscribe(silence))) {
            MasterStream opened = new MasterStream(answer);
            stream = opened;
            if (closed) {
                return new IOException("closed");
            }
            opened.read(new StreamReader(id, feed, metrics), () -> live(answer.server()));
            return new IOException(answer.server() + " ended the stream");
        } catch (IOException e) {
            return e;
        } catch (RuntimeException e) {
            log.error("source={} failed; what it said stays in force", id, e);
            return new IOException("an error in this program: " + e, e);
        } finally {
            stream = null;
        }
    }

    private void live(String server) {
        int awaited = feed.awaitedAgents();
        report(new SourceHealth(
                SourceHealth.Status.LIVE,
                server + (awaited == 0 ? "" : "; " + awaited + " agents have not come back to it yet")));
    }

    private void pause(IOException failure, Duration wait) throws InterruptedException {
        String reason = String.valueOf(failure.getMessage());
        metrics.failed(id, failure instanceof HttpFailure http ? http.reason().text() : "protocol");
        if (!(failure instanceof HttpFailure)) {
            // Whoever sends what cannot be understood will do so again; another master may not.
            masters.failed();
        }
        if (!hurry.tryAcquire()) {
            report(new SourceHealth(
                    feed.isComplete() ? SourceHealth.Status.STALE : SourceHealth.Status.CONNECTING,
                    reason + "; next try in " + wait.toMillis() + " ms"));
            if (hurry.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                hurry.drainPermits();
            }
        }
    }

    private void report(SourceHealth now) {
        if (!closed) {
            sink.health(id, now);
        }
    }

    private void leaderChanged() {
        hurry.release();
        MasterStream open = stream;
        if (open != null) {
            open.close("another master leads");
        }
    }

    /** In a thread of our own: who resolves a name may hold what the mirror waits for. */
    private void resolved(String host) {
        try {
            timer.execute(() -> feed.resolved(host));
        } catch (RejectedExecutionException e) {
            log.debug("source={} is closed; {} matters no more", id, host);
        }
    }

    private void tick() {
        try {
            MasterStream open = stream;
            if (open != null && open.silentFor().compareTo(feed.silence()) > 0) {
                open.close("nothing came for " + feed.silence().toSeconds() + " s, not even a heartbeat");
            }
            if (feed.tick(System.nanoTime()) && open != null) {
                live(open.server());
            }
        } catch (RuntimeException e) {
            log.error("source={} failed; what it said stays in force", id, e);
        }
    }

    @Override
    public void close() {
        closed = true;
        feed.close();
        hosts.removeListener(hostListener);
        timer.shutdownNow();
        MasterStream open = stream;
        if (open != null) {
            open.close("closed");
        }
        thread.interrupt();
        masters.close();
        try {
            thread.join(STOP_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
