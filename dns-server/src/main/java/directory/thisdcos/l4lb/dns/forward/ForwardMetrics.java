package directory.thisdcos.l4lb.dns.forward;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.IntSupplier;

/** What forwarding looks like from outside. */
final class ForwardMetrics {
    private final Counter exchanges;
    private final Counter attempts;
    private final Histogram seconds;

    ForwardMetrics(PrometheusRegistry registry, IntSupplier inFlight) {
        exchanges = Counter.builder()
                .name("l4lb_dns_forward_total")
                .help("Forwarded queries by outcome")
                .labelNames("outcome")
                .register(registry);
        attempts = Counter.builder()
                .name("l4lb_dns_forward_attempts_total")
                .help("Questions to an upstream by result")
                .labelNames("upstream", "result")
                .register(registry);
        seconds = Histogram.builder()
                .name("l4lb_dns_forward_seconds")
                .help("Time from a query to its forwarded answer")
                .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3)
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_dns_forward_in_flight")
                .help("Queries that wait for an upstream")
                .callback(callback -> callback.call(inFlight.getAsInt()))
                .register(registry);
    }

    void attempt(String upstream, String result) {
        attempts.labelValues(upstream, result).inc();
    }

    void done(String outcome, long nanos) {
        exchanges.labelValues(outcome).inc();
        seconds.observe(nanos / 1e9);
    }
}
