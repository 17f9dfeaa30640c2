package directory.thisdcos.l4lb.store;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do. */
final class Await {
    private static final long LIMIT_SECONDS = 60;
    private static final long STEP_MILLIS = 5;

    private Await() {}

    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + LIMIT_SECONDS + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
        }
    }
}
