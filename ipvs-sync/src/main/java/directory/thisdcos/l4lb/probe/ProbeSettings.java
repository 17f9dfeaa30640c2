package directory.thisdcos.l4lb.probe;

import java.time.Duration;

/**
 * How neighbours are looked at.
 *
 * @param interval between two probes of one neighbour, jittered by a tenth
 * @param timeout of a probe; at most the interval
 * @param falls probes in a row without an answer after which a neighbour counts as unreachable
 * @param rises answers in a row after which it counts as reachable again
 */
public record ProbeSettings(Duration interval, Duration timeout, int falls, int rises) {

    public static final ProbeSettings DEFAULT = new ProbeSettings(Duration.ofMillis(500), Duration.ofMillis(400), 3, 3);

    public ProbeSettings {
        if (interval.toMillis() < 1) {
            throw new IllegalArgumentException("the interval between probes must be at least 1 ms, not " + interval);
        }
        if (timeout.toMillis() < 1 || timeout.compareTo(interval) > 0) {
            throw new IllegalArgumentException(
                    "the timeout of a probe must be within 1 ms and the interval, " + interval + ", not " + timeout);
        }
        if (falls < 1 || rises < 1) {
            throw new IllegalArgumentException("falls and rises must be at least 1");
        }
    }
}
