package directory.thisdcos.l4lb.runtime;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time of day when the process began, and what has passed since by the clock that nobody sets: a quarantine does not
 * end early because an operator or a time server put the clock forward. Over months it may be off by what the two clocks
 * drift apart.
 */
public final class SteadyClock implements InstantSource {
    private final Instant began;
    private final LongSupplier nanoTime;
    private final long beganNanos;

    /** Begins now, by the machine's clock. */
    public SteadyClock() {
        this(Instant.now(), System::nanoTime);
    }

    SteadyClock(Instant began, LongSupplier nanoTime) {
        this.began = began;
        this.nanoTime = nanoTime;
        this.beganNanos = nanoTime.getAsLong();
    }

    @Override
    public Instant instant() {
        return began.plusNanos(nanoTime.getAsLong() - beganNanos);
    }
}
