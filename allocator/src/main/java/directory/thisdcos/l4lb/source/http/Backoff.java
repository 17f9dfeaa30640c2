package directory.thisdcos.l4lb.source.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waiting times that double from the first to the last, each jittered by half. For one thread. */
public final class Backoff {
    private final long firstMillis;
    private final long lastMillis;
    private long millis;

    public Backoff(Duration first, Duration last) {
        this.firstMillis = first.toMillis();
        this.lastMillis = last.toMillis();
        this.millis = firstMillis;
    }

    public Duration next() {
        long wait = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        millis = Math.min(2 * millis, lastMillis);
        return Duration.ofMillis(wait);
    }

    public void reset() {
        millis = firstMillis;
    }
}
