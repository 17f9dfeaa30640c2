package directory.thisdcos.l4lb.store;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waiting times that double, from {@value #FIRST_MILLIS} ms to {@value #LAST_MILLIS} ms, each jittered by half. */
final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LAST_MILLIS = 10_000;

    private long millis = FIRST_MILLIS;

    Duration next() {
        long wait = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        millis = Math.min(2 * millis, LAST_MILLIS);
        return Duration.ofMillis(wait);
    }

    void reset() {
        millis = FIRST_MILLIS;
    }
}
