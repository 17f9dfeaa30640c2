package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Meta;
import directory.thisdcos.l4lb.store.disk.TableFile;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table that a follower serves, with the cluster that it belongs to.
 *
 * @param cluster null before any table was seen
 */
record ServedTable(State state, @Nullable String cluster) {

    static ServedTable initially(Optional<TableFile.Loaded> stored) {
        return stored.map(loaded -> new ServedTable(loaded.state(), loaded.clusterId()))
                .orElseGet(() -> new ServedTable(State.EMPTY, null));
    }

    boolean isOf(Meta meta) {
        return meta.cluster().equals(cluster);
    }
}
