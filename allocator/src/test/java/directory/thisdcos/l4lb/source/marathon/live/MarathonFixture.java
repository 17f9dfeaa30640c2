package directory.thisdcos.l4lb.source.marathon.live;

import static directory.thisdcos.l4lb.source.Documents.backends;
import static directory.thisdcos.l4lb.source.marathon.live.ReplayMarathon.task;
import static directory.thisdcos.l4lb.source.marathon.live.ReplayMarathon.web;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.RecordingSink;
import directory.thisdcos.l4lb.source.SourceHealth.Status;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ReplayServer;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;

/** A source and the server that it reads, for tests of one whole source. */
abstract class MarathonFixture {
    static final String A1 = "10.0.0.5:31000 w=1 unchecked";
    static final Duration NEVER = Duration.ofHours(1);
    static final Duration SILENCE = Duration.ofSeconds(30);

    final List<AutoCloseable> opened = new ArrayList<>();
    final RecordingSink sink = new RecordingSink();
    final PrometheusRegistry registry = new PrometheusRegistry();
    final Map<String, Ip> names = new ConcurrentHashMap<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    static boolean send(ReplayServer.Reply reply, int status, String body) throws IOException {
        reply.send(status, body, "Content-Type: application/json");
        return true;
    }

    ReplayMarathon marathon() throws IOException {
        ReplayMarathon marathon = new ReplayMarathon();
        opened.add(marathon);
        marathon.app("/a", web("a", task("a.1", "10.0.0.5", 31000)));
        return marathon;
    }

    /** One that the source has read. */
    ReplayMarathon live() throws Exception {
        ReplayMarathon marathon = marathon();
        start(marathon.url());
        sink.await(Status.LIVE);
        return marathon;
    }

    MarathonSource start(String urls) throws IOException {
        return start(urls, NEVER, SILENCE);
    }

    MarathonSource start(String urls, Duration resync, Duration silence) throws IOException {
        return start(urls, resync, silence, new HostAddresses(host -> List.of(), InstantSource.system()));
    }

    MarathonSource start(String urls, Duration resync, Duration silence, HostAddresses hosts) throws IOException {
        MarathonSource source = new MarathonSource(
                new MarathonSettings(ServerUrl.parseList(urls), resync, silence),
                new HttpTransport(hosts, Optional.empty()),
                Authorization.NONE,
                hosts,
                new MarathonMetrics(registry));
        opened.add(source);
        source.start(sink);
        return source;
    }

    void await(String... expected) throws InterruptedException {
        if (!backends(sink.last().declarations()).equals(List.of(expected))) {
            sink.await(seen -> backends(seen).equals(List.of(expected)));
        }
    }

    double counted(String name) {
        return registry.scrape(metric -> metric.equals(name)).stream()
                .flatMap(metric -> metric.getDataPoints().stream())
                .mapToDouble(point -> ((io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot)
                                point)
                        .getValue())
                .sum();
    }
}
