package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.Documents;
import directory.thisdcos.l4lb.source.Exclusion;
import directory.thisdcos.l4lb.source.RecordingSink;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;

/** Feeds records to a mirror as a source does, without a network. */
final class Stream {
    final RecordingSink sink = new RecordingSink();
    final PrometheusRegistry registry = new PrometheusRegistry();
    private final MesosMetrics metrics = new MesosMetrics(registry);
    final MirrorFeed feed;

    Stream(MesosSettings settings) {
        this(settings, InstantSource.system());
    }

    Stream(MesosSettings settings, InstantSource clock) {
        feed = new MirrorFeed("mesos:test", settings, Documents.hosts(), metrics, clock);
        feed.start(sink);
    }

    static Stream of(String... records) {
        return new Stream(MesosSettings.DEFAULT).then(records);
    }

    /** What one connection brings. */
    Stream then(String... records) {
        return then(new ByteArrayInputStream(Records.framed(List.of(records))));
    }

    Stream then(InputStream body) {
        try {
            new StreamReader("mesos:test", feed, metrics).read(new ArrivalStream(body), () -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** More of the same connection. */
    Stream events(String... records) {
        EventReader reader = feed.newReader();
        for (String record : records) {
            try {
                byte[] octets = record.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8);
                feed.apply(reader.read(new ByteArrayInputStream(octets)).event(), System.nanoTime());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    Declarations declared() {
        return sink.last().declarations();
    }

    boolean complete() {
        return sink.last().complete();
    }

    List<String> backends() {
        return Documents.backends(declared());
    }

    /** {@code task reason} of all exclusions. */
    List<String> excluded() {
        return declared().exclusions().stream()
                .map(exclusion -> exclusion.task() + " " + exclusion.reason().text())
                .toList();
    }

    List<Exclusion> exclusions() {
        return declared().exclusions();
    }
}
