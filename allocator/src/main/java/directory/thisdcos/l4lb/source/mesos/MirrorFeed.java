package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.SourceSink;
import directory.thisdcos.l4lb.source.SourceUpdate;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Brings what a master says into the mirror, and what that changes to the sink. Safe for every thread: steps come to the
 * sink in the order in which the mirror took them.
 */
final class MirrorFeed {
    /** Heartbeats that may be missed. */
    private static final int MISSED = 3;

    private final String source;
    private final MesosSettings settings;
    private final HostAddresses hosts;
    private final MesosMetrics metrics;
    private final ClusterMirror mirror;
    private final MirrorUnits units;
    private SourceSink sink = NoSink.INSTANCE;
    private boolean subscribed;
    private boolean complete;
    private boolean closed;
    private long namesAwaitedUntil;
    private int otherTasks;
    private volatile Duration silence;

    MirrorFeed(String source, MesosSettings settings, HostAddresses hosts, MesosMetrics metrics, InstantSource clock) {
        this.source = source;
        this.settings = settings;
        this.hosts = hosts;
        this.metrics = metrics;
        this.mirror = new ClusterMirror(settings, clock);
        this.units = new MirrorUnits(source, hosts, mirror);
        this.silence = settings.silence();
    }

    synchronized void start(SourceSink newSink) {
        sink = newSink;
    }

    /** For the thread that reads the stream. */
    EventReader newReader() {
        return new EventReader(this::canonical, (kind, path, message) -> metrics.ignored(source, kind));
    }

    private synchronized MirrorTask canonical(MirrorTask task) {
        return mirror.canonical(task);
    }

    /** How long the master may send nothing. */
    Duration silence() {
        return silence;
    }

    synchronized boolean isComplete() {
        return complete;
    }

    synchronized int awaitedAgents() {
        return mirror.awaitedAgents();
    }

    synchronized void subscribed(MasterEvent.Subscribed event, long receivedNanos) {
        long now = System.nanoTime();
        otherTasks = event.state().otherTasks;
        mirror.subscribed(event.state(), now);
        event.heartbeatSeconds()
                .ifPresent(seconds -> silence = Duration.ofMillis((long) (MISSED * 1000 * Math.max(seconds, 0.05))));
        if (!subscribed) {
            subscribed = true;
            namesAwaitedUntil = now + settings.agentTimeout().toNanos();
        }
        complete |= isSettled(now);
        emit(units.whole(complete, receivedNanos));
        measure();
    }

    synchronized void apply(MasterEvent event, long receivedNanos) {
        if (event instanceof MasterEvent.Malformed malformed) {
            metrics.ignored(source, malformed.reason().replace(' ', '-'));
        } else if (event instanceof MasterEvent.TaskAdded added && added.task().isEmpty()) {
            otherTasks++;
        }
        Touched touched = mirror.apply(event, System.nanoTime());
        if (!touched.isEmpty()) {
            emit(units.change(touched, complete, receivedNanos));
        }
    }

    /** Does what is due; whether the source became complete by it, or waits for fewer agents. */
    synchronized boolean tick(long now) {
        if (!subscribed) {
            return false;
        }
        int awaited = mirror.awaitedAgents();
        Touched touched = mirror.tick(now);
        if (!complete && isSettled(now)) {
            complete = true;
            emit(units.whole(true, now));
            awaited++;
        } else if (!touched.isEmpty()) {
            emit(units.change(touched, complete, now));
        }
        measure();
        return mirror.awaitedAgents() < awaited;
    }

    private boolean isSettled(long now) {
        return mirror.isSettled() && (mirror.namesAreSettled(hosts) || now - namesAwaitedUntil >= 0);
    }

    synchronized void resolved(String host) {
        Touched touched = mirror.resolved(host);
        if (!touched.isEmpty() && subscribed) {
            emit(units.change(touched, complete, System.nanoTime()));
        }
    }

    private void emit(SourceUpdate update) {
        if (!closed) {
            sink.accept(update);
        }
    }

    private void measure() {
        metrics.size(source, mirror.tasks().size(), otherTasks, mirror.agents().size(), mirror.awaitedAgents());
    }

    synchronized void close() {
        closed = true;
    }
}
