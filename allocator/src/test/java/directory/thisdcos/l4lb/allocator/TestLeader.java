package directory.thisdcos.l4lb.allocator;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Leads when it is told to. */
public final class TestLeader implements Leadership {
    private final Semaphore change = new Semaphore(0);
    private volatile boolean isLeader;
    private volatile Optional<URI> leader = Optional.empty();

    @Override
    public boolean isLeader() {
        return isLeader;
    }

    @Override
    public void awaitChange(Duration atMost) throws InterruptedException {
        if (change.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            change.drainPermits();
        }
    }

    @Override
    public Optional<URI> leaderApi() {
        return leader;
    }

    /** Another process leads. */
    public void follow(URI other) {
        leader = Optional.of(other);
        set(false);
    }

    public void set(boolean leads) {
        isLeader = leads;
        change.release();
    }
}
