package directory.thisdcos.l4lb.allocator;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Whether this process may write the table. A hint only: the journal fences a writer that was replaced. */
public interface Leadership {

    boolean isLeader();

    /** The admin API of another process that leads; empty if there is none, or it cannot be reached from here. */
    Optional<URI> leaderApi();

    /** Returns when {@link #isLeader} may have changed, and after {@code atMost} in any case. */
    void awaitChange(Duration atMost) throws InterruptedException;
}
