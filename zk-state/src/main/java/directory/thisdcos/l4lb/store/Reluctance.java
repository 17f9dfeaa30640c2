package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Meta;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Why a table in ZooKeeper may not replace the one that a node serves: it would take services away that still run. A
 * node that serves nothing has nothing to lose.
 */
final class Reluctance {
    private static final Logger log = LoggerFactory.getLogger(Reluctance.class);

    private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private @Nullable String lastReason;
    private long lastNanos;

    Optional<String> objection(State mine, @Nullable String cluster, Meta meta, Head head) {
        if (mine.size() == 0) {
            return Optional.empty();
        }
        if (!meta.cluster().equals(cluster)) {
            return Optional.of("ZooKeeper holds the table of cluster " + meta.cluster() + ", not of " + cluster
                    + "; only an operator may accept it");
        }
        if (head.seq() < mine.seq() || head.epoch() < mine.epoch()) {
            return Optional.of("ZooKeeper's table is older (epoch " + head.epoch() + ", batch " + head.seq()
                    + "); only an operator may accept it");
        }
        return Optional.empty();
    }

    /** Logs a reason at once, and then once a minute while it lasts. */
    void log(String reason, State serving) {
        long now = System.nanoTime();
        if (!reason.equals(lastReason) || now - lastNanos > LOG_INTERVAL_NANOS) {
            Level level = serving.size() == 0 ? Level.INFO : Level.WARN;
            log.atLevel(level).log("{}; serving {}", reason, serving);
            lastReason = reason;
            lastNanos = now;
        }
    }
}
