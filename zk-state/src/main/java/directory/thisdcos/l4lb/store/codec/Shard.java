package directory.thisdcos.l4lb.store.codec;

import directory.thisdcos.l4lb.model.Vip;
import java.util.List;

/**
 * One shard of the state.
 *
 * @param seq the last batch that it contains; 0 for a shard that was never written
 */
public record Shard(long seq, List<Vip> vips) {
    public Shard {
        vips = List.copyOf(vips);
    }
}
