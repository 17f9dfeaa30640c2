package directory.thisdcos.l4lb.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** How long changes took. The first ones, in which the compilers work, do not count. Safe for every thread. */
final class ChangeTimes {
    private static final int WARM_UP = 5_000;

    private long[] nanos = new long[1 << 16];
    private int count;
    private int skipped;

    synchronized void add(long time) {
        if (skipped < WARM_UP) {
            skipped++;
            return;
        }
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = time;
    }

    @Override
    public synchronized String toString() {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return count == 0
                ? "no change was counted"
                : String.format(
                        "%d changes became answers within p50 %d us, p99 %d us, max %d us",
                        count,
                        micros(sorted[count / 2]),
                        micros(sorted[(int) (count * 0.99)]),
                        micros(sorted[count - 1]));
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }
}
