package directory.thisdcos.l4lb.allocator;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Leads when it is told to. */
public final class TestLeader implements Leadership {
    private final Semaphore change = new Semaphore(0);
    private volatile boolean isLeader;

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

    public void set(boolean leads) {
        isLeader = leads;
        change.release();
    }
}
