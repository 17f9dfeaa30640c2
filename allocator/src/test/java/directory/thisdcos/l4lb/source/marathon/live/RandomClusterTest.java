package directory.thisdcos.l4lb.source.marathon.live;

import static directory.thisdcos.l4lb.source.Documents.backends;
import static directory.thisdcos.l4lb.source.Documents.vips;

import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.RecordingSink;
import directory.thisdcos.l4lb.source.SourceHealth.Status;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Apps and tasks come, change and go at random while their events are reordered, doubled, lost and cut: in the end the
 * source says exactly what Marathon has.
 */
@Timeout(60)
class RandomClusterTest {
    private static final int OPERATIONS = 150;

    private final Map<String, Map<String, String>> apps = new TreeMap<>();
    private final List<String> unsent = new ArrayList<>();
    private long clock = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private int next;

    @ParameterizedTest
    @CsvSource({"1, 0, 0", "2, 0, 0", "3, 0, 10", "4, 20, 10", "5, 20, 0"})
    void converges(int seed, int lostPercent, int cutPercent) throws Exception {
        Random random = new Random(seed);
        HostAddresses hosts = new HostAddresses(host -> List.of(), InstantSource.system());
        RecordingSink sink = new RecordingSink();
        // Lost events are made good by reading everything from time to time, all else by the events themselves.
        Duration resync = lostPercent > 0 ? Duration.ofSeconds(1) : Duration.ofHours(1);
        try (ReplayMarathon marathon = new ReplayMarathon()) {
            operate(marathon, random);
            try (MarathonSource source = new MarathonSource(
                    new MarathonSettings(ServerUrl.parseList(marathon.url()), resync),
                    new HttpTransport(hosts, Optional.empty()),
                    Authorization.NONE,
                    hosts,
                    new MarathonMetrics(new PrometheusRegistry()))) {
                source.start(sink);
                sink.await(Status.LIVE);
                for (int i = 0; i < OPERATIONS; i++) {
                    operate(marathon, random);
                    unsent.removeIf(event -> random.nextInt(100) < lostPercent);
                    if (random.nextInt(3) == 0) {
                        Collections.shuffle(unsent, random);
                        unsent.forEach(marathon::tryRaw);
                        unsent.clear();
                    }
                    if (random.nextInt(100) < cutPercent) {
                        marathon.cutStreams();
                    }
                }
                unsent.forEach(marathon::tryRaw);
                ReplayMarathon.await(() -> equal(sink));
            } catch (AssertionError e) {
                throw new AssertionError(
                        "is " + backends(sink.last().declarations()) + " instead of " + expectedBackends(), e);
            }
        }
    }

    private boolean equal(RecordingSink sink) {
        return backends(sink.last().declarations()).equals(expectedBackends())
                && vips(sink.last().declarations()).size() == apps.size();
    }

    private List<String> expectedBackends() {
        return apps.values().stream()
                .flatMap(tasks -> tasks.values().stream())
                .map(task -> task.split("#", 2)[1])
                .filter(text -> !text.equals("none"))
                .sorted()
                .toList();
    }

    private void operate(ReplayMarathon marathon, Random random) {
        String app = "/app" + random.nextInt(6);
        boolean isThere = apps.containsKey(app);
        if (!isThere) {
            apps.put(app, new TreeMap<>());
            event("api_post_event", "'appDefinition':{'id':'" + app + "'}");
        } else if (random.nextInt(20) == 0) {
            apps.remove(app);
            event("app_terminated_event", "'appId':'" + app + "'");
        }
        Map<String, String> tasks = apps.get(app);
        if (tasks != null) {
            if (tasks.size() < 3 || random.nextBoolean()) {
                start(app, tasks);
            } else {
                change(app, tasks, random);
            }
            marathon.app(app, fields(app, tasks));
        } else {
            marathon.delete(app);
        }
    }

    private void start(String app, Map<String, String> tasks) {
        int port = 20_000 + next++;
        String id = "t." + port;
        tasks.put(id, json(id, port, "TASK_RUNNING", "") + "#10.0.0.5:" + port + " w=1 unchecked");
        status(app, id, port, "TASK_RUNNING");
    }

    private void change(String app, Map<String, String> tasks, Random random) {
        String id = List.copyOf(tasks.keySet()).get(random.nextInt(tasks.size()));
        int port = Integer.parseInt(id.substring(2));
        switch (random.nextInt(4)) {
            case 0 -> {
                tasks.remove(id);
                status(app, id, port, "TASK_KILLED");
            }
            case 1 -> {
                tasks.put(id, json(id, port, "TASK_KILLING", "") + "#10.0.0.5:" + port + " w=0 draining");
                status(app, id, port, "TASK_KILLING");
            }
            case 2 -> {
                boolean alive = random.nextBoolean();
                String checks = ",'healthCheckResults':[{'alive':" + alive + "}]";
                tasks.put(
                        id,
                        json(id, port, "TASK_RUNNING", checks) + "#10.0.0.5:" + port
                                + (alive ? " w=1 healthy" : " w=0 unhealthy"));
                event("health_status_changed_event", "'appId':'" + app + "','taskId':'" + id + "','alive':" + alive);
            }
            default -> {
                tasks.put(id, json(id, port, "TASK_UNREACHABLE", "") + "#none");
                status(app, id, port, "TASK_UNREACHABLE");
            }
        }
    }

    private void status(String app, String id, int port, String state) {
        event(
                "status_update_event",
                "'appId':'" + app + "','taskId':'" + id + "','taskStatus':'" + state + "','host':'10.0.0.5','ports':["
                        + port + "]");
    }

    private void event(String type, String fields) {
        clock += 7;
        unsent.add(ReplayMarathon.framed(type, fields + ",'timestamp':'" + Instant.ofEpochMilli(clock) + "'"));
    }

    private static String json(String id, int port, String state, String more) {
        return "{'id':'" + id + "','host':'10.0.0.5','ports':[" + port + "],'state':'" + state + "'" + more + "}";
    }

    private static String fields(String app, Map<String, String> tasks) {
        return ReplayMarathon.web(
                app.substring(1),
                String.join(
                        ",",
                        tasks.values().stream()
                                .map(task -> task.split("#", 2)[0])
                                .toList()));
    }
}
