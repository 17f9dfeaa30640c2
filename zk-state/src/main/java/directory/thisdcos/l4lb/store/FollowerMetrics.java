package directory.thisdcos.l4lb.store;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/** What a follower shows of itself. */
final class FollowerMetrics {
    private final Counter divergences;
    private final Counter reloads;
    private final Histogram arrival;

    FollowerMetrics(PrometheusRegistry registry, StateFollower follower) {
        this.divergences = Counter.builder()
                .name("l4lb_table_divergences_total")
                .help("Times that the table's hash was not the writer's; the table was loaded anew")
                .register(registry);
        this.reloads = Counter.builder()
                .name("l4lb_table_reloads_total")
                .help("Times that the whole table was loaded from ZooKeeper")
                .register(registry);
        this.arrival = Histogram.builder()
                .name("l4lb_table_to_node_seconds")
                .help(
                        "Time from a commit, by ZooKeeper's clock, to this process's knowledge of it; as good as the clocks")
                .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60)
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_table_seq")
                .help("Number of the last batch that this table contains")
                .callback(gauge -> gauge.call((double) follower.current().seq()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_table_age_seconds")
                .help("Time since this table was last known to be ZooKeeper's newest; 0 while it is")
                .callback(gauge -> gauge.call(seconds(follower.age())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("l4lb_table_stale")
                .help("1 while this table may be older than ZooKeeper's")
                .callback(gauge -> gauge.call(follower.stale() ? 1 : 0))
                .register(registry);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** A batch that was written so long ago is served; clocks that differ can make it less than nothing. */
    void arrived(long millis) {
        arrival.observe(Math.max(0, millis) / 1000.0);
    }

    void diverged() {
        divergences.inc();
    }

    void reloaded() {
        reloads.inc();
    }

    long divergences() {
        return divergences.getLongValue();
    }

    long reloads() {
        return reloads.getLongValue();
    }
}
