package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.Rcode;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** Counts responses. Threads that answer have a {@link Tally} each; who reads the metrics adds them up. */
public final class AnswerCounters {
    private static final Rcode[] RCODES = Rcode.values();

    private final List<Tally> tallies = new CopyOnWriteArrayList<>();
    private final Map<Labels, LongAdder> relayed = new ConcurrentHashMap<>();

    private record Labels(Transport transport, String rcode) implements Comparable<Labels> {
        @Override
        public int compareTo(Labels other) {
            int order = transport.compareTo(other.transport);
            return order == 0 ? rcode.compareTo(other.rcode) : order;
        }
    }

    public AnswerCounters(PrometheusRegistry registry) {
        CounterWithCallback.builder()
                .name("l4lb_dns_queries_total")
                .help("Responses sent, by transport and response code")
                .labelNames("transport", "rcode")
                .callback(callback -> answered()
                        .forEach((labels, count) ->
                                callback.call((double) count, labels.transport().text(), labels.rcode())))
                .register(registry);
        CounterWithCallback.builder()
                .name("l4lb_dns_dropped_total")
                .help("Packets that were no query, or too many errors")
                .callback(callback -> callback.call(
                        (double) tallies.stream().mapToLong(Tally::droppedCount).sum()))
                .register(registry);
        registry.register(new AnswerTimes(tallies, AnswerCounters::name));
    }

    /** For one more thread. */
    Tally newTally() {
        Tally tally = new Tally();
        tallies.add(tally);
        return tally;
    }

    /** Counts a response that a resolver made, with whatever rcode it has. From any thread. */
    public void relayed(Transport transport, int rcode) {
        relayed.computeIfAbsent(new Labels(transport, name(rcode)), key -> new LongAdder())
                .increment();
    }

    private static String name(int rcode) {
        for (Rcode known : RCODES) {
            if (known.value() == rcode) {
                return known.name();
            }
        }
        return "RCODE" + rcode;
    }

    private Map<Labels, Long> answered() {
        Map<Labels, Long> sums = new TreeMap<>();
        for (Transport transport : Transport.values()) {
            for (Rcode rcode : RCODES) {
                sums.put(new Labels(transport, rcode.name()), 0L);
            }
            for (int rcode = 0; rcode < Tally.RCODES; rcode++) {
                long count = 0;
                for (Tally tally : tallies) {
                    count += tally.count(transport, rcode);
                }
                if (count > 0) {
                    sums.merge(new Labels(transport, name(rcode)), count, Long::sum);
                }
            }
        }
        relayed.forEach((labels, count) -> sums.merge(labels, count.sum(), Long::sum));
        return sums;
    }
}
