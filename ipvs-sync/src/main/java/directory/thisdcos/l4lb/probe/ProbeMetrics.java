package directory.thisdcos.l4lb.probe;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** How the looks at neighbours go, for Prometheus. */
final class ProbeMetrics {
    private final Counter probes;
    private final Gauge neighbours;

    ProbeMetrics() {
        probes = Counter.builder()
                .name("l4lb_neighbour_probes_total")
                .help(
                        "Probes of neighbours' machines, by outcome: answered, refused (the machine is there), lost, unknown")
                .labelNames("outcome")
                .build();
        neighbours = Gauge.builder()
                .name("l4lb_neighbours")
                .help("Nodes that this one looks at, by whether they answer")
                .labelNames("reachable")
                .build();
        watched(List.of());
    }

    /** Shows them; a registry takes each name once. */
    void register(PrometheusRegistry registry) {
        registry.register(probes);
        registry.register(neighbours);
    }

    void probed(ProbeOutcome outcome) {
        probes.labelValues(outcome.name().toLowerCase(Locale.ROOT)).inc();
    }

    void watched(Collection<Watched.Entry> entries) {
        long down = entries.stream().filter(Watched.Entry::isDown).count();
        neighbours.labelValues("false").set((double) down);
        neighbours.labelValues("true").set((double) (entries.size() - down));
    }
}
