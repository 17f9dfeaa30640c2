package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.Rcode;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** How long answers take that no resolver is asked for, by response code; adds up what the threads have counted. */
final class AnswerTimes implements Collector {
    private static final String NAME = "l4lb_dns_answer_seconds";

    private final List<Tally> tallies;
    private final IntFunction<String> rcodes;

    /** @param rcodes gives the label of a response code */
    AnswerTimes(List<Tally> tallies, IntFunction<String> rcodes) {
        this.tallies = tallies;
        this.rcodes = rcodes;
    }

    @Override
    public String getPrometheusName() {
        return NAME;
    }

    @Override
    public MetricSnapshot collect() {
        HistogramSnapshot.Builder snapshot = HistogramSnapshot.builder()
                .name(NAME)
                .help("From taking a query from its socket to giving the answer to the kernel, by response code; the"
                        + " queries of a batch take as long as the batch");
        for (int rcode = 0; rcode < Tally.RCODES; rcode++) {
            double[] upTo = Tally.upTo();
            long[] counts = new long[upTo.length];
            double seconds = 0;
            for (Tally tally : tallies) {
                tally.addTimes(rcode, counts);
                seconds += tally.seconds(rcode);
            }
            // The first is there from the start, so that whoever looks at a new node finds the metric.
            if (rcode == Rcode.NOERROR.value() || Arrays.stream(counts).sum() > 0) {
                snapshot.dataPoint(HistogramDataPointSnapshot.builder()
                        .labels(Labels.of("rcode", rcodes.apply(rcode)))
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(upTo, counts))
                        .sum(seconds)
                        .build());
            }
        }
        return snapshot.build();
    }
}
