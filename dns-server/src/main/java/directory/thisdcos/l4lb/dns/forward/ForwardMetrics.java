package directory.thisdcos.l4lb.dns.forward;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.function.Supplier;

/** What forwarding looks like from outside. */
final class ForwardMetrics {
    private final Counter exchanges;
    private final Counter attempts;
    private final Counter probes;
    private final Counter overloads;
    private final Histogram seconds;

    ForwardMetrics(PrometheusRegistry registry, Flights flights, Supplier<Routes> routes) {
        exchanges = Counter.builder()
                .name("l4lb_dns_forward_total")
                .help("Queries that were not answered from the cache, by outcome")
                .labelNames("outcome")
                .register(registry);
        attempts = Counter.builder()
                .name("l4lb_dns_forward_attempts_total")
                .help("Questions to an upstream by result")
                .labelNames("upstream", "result")
                .register(registry);
        probes = Counter.builder()
                .name("l4lb_dns_forward_probes_total")
                .help("Probes of an upstream by result")
                .labelNames("upstream", "result")
                .register(registry);
        overloads = Counter.builder()
                .name("l4lb_dns_forward_overloads_total")
                .help("Queries that were not forwarded because too many wait already")
                .register(registry);
        seconds = Histogram.builder()
                .name("l4lb_dns_forward_seconds")
                .help("Time from a query to its forwarded answer")
                .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3)
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_dns_forward_in_flight")
                .help("Queries that wait for an upstream")
                .callback(callback -> callback.call(flights.waiters()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_dns_forward_questions")
                .help("Different questions under way to upstreams")
                .callback(callback -> callback.call(flights.questions()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_dns_upstream_up")
                .help("1 if the upstream is used, 0 if it is silent or sends queries back to us")
                .labelNames("upstream")
                .callback(callback -> routes.get().all().stream()
                        .flatMap(route -> route.resolvers().stream())
                        .distinct()
                        .forEach(each -> callback.call(each.isDown() || each.isLooping() ? 0 : 1, each.toString())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_dns_upstream_rtt_seconds")
                .help("Smoothed time to a reply of the upstream")
                .labelNames("upstream")
                .callback(callback -> routes.get().all().stream()
                        .flatMap(route -> route.resolvers().stream())
                        .distinct()
                        .forEach(each -> callback.call(each.smoothedNanos() / 1e9, each.toString())))
                .register(registry);
    }

    void attempt(Resolver upstream, String result) {
        attempts.labelValues(upstream.toString(), result).inc();
    }

    void probe(Resolver upstream, Probe.Result result) {
        probes.labelValues(
                        upstream.toString(),
                        result.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .inc();
    }

    void overloaded() {
        overloads.inc();
    }

    void done(String outcome, long nanos) {
        exchanges.labelValues(outcome).inc();
        seconds.observe(nanos / 1e9);
    }
}
