package directory.thisdcos.l4lb.allocator;

import java.time.Duration;

/**
 * When a backend counts as flapping.
 *
 * @param falls how often it must become unhealthy; 0 turns damping off
 * @param window within which time
 * @param hold for how long after its last fall it gets no new connections
 */
public record FlapSettings(int falls, Duration window, Duration hold) {

    public static final FlapSettings DEFAULT = new FlapSettings(5, Duration.ofMinutes(1), Duration.ofSeconds(30));

    public static final FlapSettings OFF = new FlapSettings(0, Duration.ofMinutes(1), Duration.ofSeconds(30));

    public FlapSettings {
        if (falls < 0 || window.isNegative() || hold.isNegative()) {
            throw new IllegalArgumentException("flap damping cannot be negative");
        }
    }
}
