package directory.thisdcos.l4lb.dns;

import directory.thisdcos.l4lb.dns.zone.Catalog;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Supplier;

/** What is served, and how long a change takes to be. */
final class PublishMetrics {
    private final Histogram seconds;

    PublishMetrics(PrometheusRegistry registry, Supplier<Catalog> catalog) {
        seconds = Histogram.builder()
                .name("l4lb_dns_publish_seconds")
                .help("Time to turn a change of the table into answers")
                .classicUpperBounds(.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .5, 1)
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_dns_names")
                .help("Names in the zone, empty non-terminals included")
                .callback(callback -> callback.call(catalog.get().services().size()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_dns_serial")
                .help("Serial of the zone, 0 before the first table")
                .callback(callback -> {
                    var zone = catalog.get().services();
                    callback.call(zone.isReady() ? (double) zone.serial() : 0);
                })
                .register(registry);
    }

    void published(long nanos) {
        seconds.observe(nanos / 1e9);
    }
}
