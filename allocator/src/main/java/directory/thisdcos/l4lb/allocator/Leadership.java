package directory.thisdcos.l4lb.allocator;

import java.time.Duration;

/** Whether this process may write the table. A hint only: the journal fences a writer that was replaced. */
public interface Leadership {

    boolean isLeader();

    /** Returns when {@link #isLeader} may have changed, and after {@code atMost} in any case. */
    void awaitChange(Duration atMost) throws InterruptedException;
}
