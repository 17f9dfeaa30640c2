package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.Source;
import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.SourceSink;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.Backoff;
import directory.thisdcos.l4lb.source.http.HttpAnswer;
import directory.thisdcos.l4lb.source.http.HttpCall;
import directory.thisdcos.l4lb.source.http.HttpFailure;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ServerGroup;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import directory.thisdcos.l4lb.source.json.Json;
import directory.thisdcos.l4lb.source.json.JsonCursor;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Mesos agent, asked for its state again and again by a thread {@code mesos-agent}: for where the masters cannot be
 * reached. An answer that says what the one before said costs nothing downstream.
 */
public final class AgentSource implements Source {
    private static final Logger log = LoggerFactory.getLogger(AgentSource.class);

    private static final String PATH = "/api/v1";
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(60);
    private static final long MAX_OCTETS = 256L << 20;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

    private final String id;
    private final ServerUrl url;
    private final ServerGroup server;
    private final MesosSettings settings;
    private final MesosMetrics metrics;
    private final HostAddresses hosts;
    private final InstantSource clock;
    private final Thread thread = new Thread(this::run, "mesos-agent");
    private volatile boolean closed;
    private SourceSink sink = NoSink.INSTANCE;
    private Map<String, Declarations> said = Map.of();
    private boolean complete;

    /** A source that is not started yet. */
    public AgentSource(
            ServerUrl url,
            HttpTransport transport,
            Authorization authorization,
            MesosSettings settings,
            HostAddresses hosts,
            MesosMetrics metrics,
            InstantSource clock) {
        this.id = "mesos-agent:" + url;
        this.url = url;
        this.server = new ServerGroup(transport, List.of(url), authorization);
        this.settings = settings;
        this.hosts = hosts;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void start(SourceSink newSink) {
        sink = newSink;
        report(SourceHealth.Status.CONNECTING, "asking " + url);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        Backoff backoff = new Backoff(settings.pollInterval(), LAST_PAUSE);
        try {
            while (!closed) {
                Duration pause = settings.pollInterval();
                try {
                    poll();
                    backoff.reset();
                    report(SourceHealth.Status.LIVE, url + ", asked every " + pause.toMillis() + " ms");
                } catch (IOException e) {
                    pause = backoff.next();
                    metrics.failed(
                            id, e instanceof HttpFailure http ? http.reason().text() : "protocol");
                    report(
                            complete ? SourceHealth.Status.STALE : SourceHealth.Status.CONNECTING,
                            explained(e) + "; next try in " + pause.toMillis() + " ms");
                } catch (RuntimeException e) {
                    pause = backoff.next();
                    log.error("source={} failed; what it said stays in force", id, e);
                }
                Thread.sleep(pause.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String explained(IOException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return JsonCursor.isMalformed(e) ? url + ": the answer is no JSON: " + message : message;
    }

    private void poll() throws IOException {
        long begin = System.nanoTime();
        ClusterState state = state();
        MesosAgent agent = agent();
        if (state.tasks.values().stream().anyMatch(task -> !task.agentId().equals(agent.id()))) {
            metrics.ignored(id, "task-of-another-agent");
        }
        state.agents.put(agent.id(), agent);
        ClusterMirror mirror = new ClusterMirror(settings, clock);
        mirror.subscribed(state, begin);
        MirrorUnits units = new MirrorUnits(id, hosts, mirror);
        boolean settled = mirror.namesAreSettled(hosts);
        tell(units.whole(complete || settled, begin));
        metrics.size(id, mirror.tasks().size(), state.otherTasks, 1, 0);
    }

    /** Only what differs from the answer before. */
    private void tell(SourceUpdate whole) {
        Map<String, Declarations> now = whole.units();
        Map<String, Declarations> changed = new HashMap<>(now);
        changed.entrySet().removeIf(unit -> unit.getValue().equals(said.get(unit.getKey())));
        Set<String> gone = new HashSet<>(said.keySet());
        gone.removeAll(now.keySet());
        if (closed) {
            return;
        }
        if (whole.complete() && !complete) {
            sink.accept(whole);
        } else if (!changed.isEmpty() || !gone.isEmpty()) {
            sink.accept(new SourceUpdate(id, false, complete, changed, gone, whole.receivedNanos()));
        }
        complete |= whole.complete();
        said = now;
    }

    private HttpAnswer ask(String type) throws IOException {
        metrics.event(id, type);
        return server.call(new HttpCall(
                "POST",
                PATH,
                Map.of("Accept", "application/json"),
                Optional.of("{\"type\":\"" + type + "\"}"),
                WITHIN,
                Optional.of(WITHIN),
                MAX_OCTETS));
    }

    private ClusterState state() throws IOException {
        List<ClusterState> found = new ArrayList<>();
        StateReader reader = new StateReader(task -> task, (kind, path, message) -> metrics.ignored(id, kind));
        try (HttpAnswer answer = ask("GET_STATE");
                ArrivalStream in = new ArrivalStream(answer.body());
                JsonCursor cursor = JsonCursor.of(in)) {
            cursor.fields((name, value) -> {
                if (name.equals("get_state")) {
                    found.add(reader.read(value));
                }
            });
            cursor.end();
            metrics.received(id, in.octets());
        }
        if (found.isEmpty()) {
            throw new IOException(url + ": the answer to GET_STATE has no get_state; is this a Mesos agent?");
        }
        return found.get(0);
    }

    /** An agent does not tell its own address; the one by which we reach it will do where its name tells none. */
    private MesosAgent agent() throws IOException {
        List<Json> info = new ArrayList<>();
        try (HttpAnswer answer = ask("GET_AGENT");
                JsonCursor cursor = JsonCursor.of(answer.body())) {
            cursor.fields((name, value) -> {
                if (name.equals("get_agent")) {
                    info.add(value.tree(MesosAgent.FIELDS, (kind, path, message) -> metrics.ignored(id, kind)));
                }
            });
        }
        Optional<MesosAgent> agent = info.stream().findFirst().flatMap(MesosAgent::read);
        // An agent has no id until a master took it in.
        return agent.orElseThrow(() -> new IOException(url + ": the agent is not registered with a master yet"))
                .orAt(literal(url));
    }

    private static Optional<Ip> literal(ServerUrl url) {
        String host = String.valueOf(url.base().getHost());
        return Ip.parse(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }

    private void report(SourceHealth.Status status, String detail) {
        if (!closed) {
            sink.health(id, new SourceHealth(status, detail));
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(STOP_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
