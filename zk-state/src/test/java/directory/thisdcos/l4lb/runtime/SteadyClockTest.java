package directory.thisdcos.l4lb.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

    @Test
    void countsByTheMonotonicClockFromWhereItBegan() {
        // Negative and close to the overflow, as System.nanoTime may be.
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        Instant began = Instant.parse("2026-01-01T00:00:00Z");
        SteadyClock clock = new SteadyClock(began, nanos::get);
        assertEquals(began, clock.instant());
        nanos.addAndGet(1_500_000_000L);
        assertEquals(began.plusMillis(1_500), clock.instant());
    }
}
