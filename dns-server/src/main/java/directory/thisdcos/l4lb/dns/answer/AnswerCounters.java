package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.Rcode;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts responses; the label values are looked up once, not per query. */
public final class AnswerCounters {
    private static final Rcode[] RCODES = Rcode.values();

    private final Map<Transport, Map<Rcode, CounterDataPoint>> answered = new EnumMap<>(Transport.class);
    private final Counter queries;
    private final Counter dropped;

    public AnswerCounters(PrometheusRegistry registry) {
        queries = Counter.builder()
                .name("l4lb_dns_queries_total")
                .help("Responses sent, by transport and response code")
                .labelNames("transport", "rcode")
                .withoutExemplars()
                .register(registry);
        dropped = Counter.builder()
                .name("l4lb_dns_dropped_total")
                .help("Packets that were no query, or too many errors")
                .register(registry);
        for (Transport transport : Transport.values()) {
            Map<Rcode, CounterDataPoint> points = new EnumMap<>(Rcode.class);
            for (Rcode rcode : Rcode.values()) {
                points.put(rcode, queries.labelValues(transport.text(), rcode.name()));
            }
            answered.put(transport, points);
        }
    }

    void answered(Transport transport, Rcode rcode) {
        Map<Rcode, CounterDataPoint> points = Objects.requireNonNull(answered.get(transport));
        Objects.requireNonNull(points.get(rcode)).inc();
    }

    /** Counts a response that a resolver made, with whatever rcode it has. */
    public void relayed(Transport transport, int rcode) {
        for (Rcode known : RCODES) {
            if (known.value() == rcode) {
                answered(transport, known);
                return;
            }
        }
        queries.labelValues(transport.text(), "RCODE" + rcode).inc();
    }

    void dropped() {
        dropped.inc();
    }
}
