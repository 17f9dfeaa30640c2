package directory.thisdcos.l4lb.dns.forward;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Stands between one client and an exchange when there is an answer that is too old: it is served if the exchange fails
 * or takes too long (RFC 8767 §5, client response timer), the new one otherwise; one of them, once. For every thread.
 */
final class StaleGuard implements Consumer<Outcome>, Runnable {
    /** RFC 8767 §5 recommends 1.8 seconds. */
    static final long PATIENCE_MILLIS = 1_800;

    private final AtomicBoolean answered = new AtomicBoolean();
    private final Runnable serveStale;
    private final Consumer<Outcome> serveNew;

    StaleGuard(Runnable serveStale, Consumer<Outcome> serveNew) {
        this.serveStale = serveStale;
        this.serveNew = serveNew;
    }

    /** The exchange has ended. */
    @Override
    public void accept(Outcome outcome) {
        if (answered.compareAndSet(false, true)) {
            if (outcome instanceof Outcome.Failed) {
                serveStale.run();
            } else {
                serveNew.accept(outcome);
            }
        }
    }

    /** Time is up. */
    @Override
    public void run() {
        if (answered.compareAndSet(false, true)) {
            serveStale.run();
        }
    }
}
