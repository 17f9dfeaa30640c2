package directory.thisdcos.l4lb.dns.answer;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Limits responses to what is no query at all, so that we do not reflect garbage at full speed. For one thread. */
final class ErrorBudget {
    private static final int MAX_PER_SECOND = 1_000;

    private final LongSupplier nanoTime;
    private long secondBegan;
    private int left = MAX_PER_SECOND;

    ErrorBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.secondBegan = nanoTime.getAsLong();
    }

    boolean take() {
        if (left == 0) {
            long now = nanoTime.getAsLong();
            if (now - secondBegan < TimeUnit.SECONDS.toNanos(1)) {
                return false;
            }
            secondBegan = now;
            left = MAX_PER_SECOND;
        }
        left--;
        return true;
    }
}
