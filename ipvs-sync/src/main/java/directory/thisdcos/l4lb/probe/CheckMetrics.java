package directory.thisdcos.l4lb.probe;

import directory.thisdcos.l4lb.model.Check;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.IntSupplier;

/** How the checks of backends go, for Prometheus. */
final class CheckMetrics {
    private final Counter results;
    private final Gauge servers;

    CheckMetrics(PrometheusRegistry registry, IntSupplier failing) {
        results = Counter.builder()
                .name("l4lb_checks_total")
                .help("Checks of backends by this node, by kind and result")
                .labelNames("kind", "result")
                .register(registry);
        servers = Gauge.builder()
                .name("l4lb_checked_servers")
                .help("Servers that this node checks")
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_checks_failing")
                .help("Servers that fail their check now, as this node sees them")
                .callback(gauge -> gauge.call((double) failing.getAsInt()))
                .register(registry);
    }

    void checked(Check.Kind kind, boolean good) {
        results.labelValues(kind.text(), good ? "good" : "bad").inc();
    }

    void wanted(int count) {
        servers.set((double) count);
    }
}
