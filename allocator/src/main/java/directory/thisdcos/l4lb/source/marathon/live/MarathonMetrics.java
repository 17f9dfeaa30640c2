package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.http.HttpFailure;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Figures of all Marathons for Prometheus; one object for each registry. */
public final class MarathonMetrics {
    private static final String OTHER = "other";

    private final Counter events;
    private final Counter unusable;
    private final Counter failures;
    private final Counter reads;
    private final Gauge snapshotSeconds;

    public MarathonMetrics(PrometheusRegistry registry) {
        events = counter(
                registry,
                "l4lb_marathon_events_total",
                "Events received, by type; 'other' are types that mean nothing here",
                "source",
                "type");
        unusable = counter(
                registry,
                "l4lb_marathon_unusable_events_total",
                "Events that could not be used, by reason; each makes everything be read anew",
                "source",
                "reason");
        failures = counter(
                registry,
                "l4lb_marathon_failures_total",
                "Requests and streams that failed, by reason",
                "source",
                "reason");
        reads = counter(
                registry,
                "l4lb_marathon_reads_total",
                "Answers read, by what was asked for: everything, or one app or pod",
                "source",
                "what");
        snapshotSeconds = Gauge.builder()
                .name("l4lb_marathon_snapshot_seconds")
                .help("How long it took to read everything, the last time")
                .labelNames("source")
                .register(registry);
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    void event(String source, String type) {
        events.labelValues(source, EventParser.isKnown(type) ? type : OTHER).inc();
    }

    void unusable(String source, String reason) {
        unusable.labelValues(source, reason).inc();
    }

    void failed(String source, HttpFailure failure) {
        failures.labelValues(source, failure.reason().text()).inc();
    }

    void read(String source, String what) {
        reads.labelValues(source, what).inc();
    }

    void snapshot(String source, long nanos) {
        read(source, "everything");
        snapshotSeconds.labelValues(source).set(nanos / 1e9);
    }
}
