package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Meta;
import java.util.Optional;

/**
 * Why a table in ZooKeeper may not replace the one that a node serves: it would take services away that still run. A
 * node that serves nothing has nothing to lose.
 */
final class Reluctance {
    private static final String WAY_OUT = "; start with --accept-cluster to accept it";

    private Reluctance() {}

    static Optional<String> objection(ServedTable served, Meta meta, Head head) {
        State mine = served.state();
        if (mine.size() == 0) {
            return Optional.empty();
        }
        if (!served.isOf(meta)) {
            return Optional.of("ZooKeeper holds the table of cluster " + meta.cluster() + ", not of " + served.cluster()
                    + WAY_OUT);
        }
        if (head.seq() < mine.seq() || head.epoch() < mine.epoch()) {
            return Optional.of(
                    "ZooKeeper's table is older (epoch " + head.epoch() + ", batch " + head.seq() + ")" + WAY_OUT);
        }
        return Optional.empty();
    }
}
