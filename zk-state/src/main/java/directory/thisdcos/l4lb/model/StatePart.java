package directory.thisdcos.l4lb.model;

import java.util.Collection;

/** The VIPs of one shard, ready to be put together with others: what can be done of a restore beside the other shards. */
public final class StatePart {
    private final int shard;
    private final OpenMap<Target, Vip> vips;
    private final long hash;

    private StatePart(int shard, OpenMap<Target, Vip> vips, long hash) {
        this.shard = shard;
        this.vips = vips;
        this.hash = hash;
    }

    /** @throws IllegalArgumentException if they belong to several shards, or two of them to one target */
    public static StatePart of(Collection<Vip> vips) {
        int shard = 0;
        long hash = 0;
        OpenMap<Target, Vip> map = OpenMap.sized(vips.size());
        for (Vip vip : vips) {
            int own = State.shardOf(vip.target());
            if (!map.isEmpty() && own != shard) {
                throw new IllegalArgumentException("a shard holds " + vip.target() + ", which belongs elsewhere");
            }
            if (map.store(vip.target(), vip) != null) {
                throw new IllegalArgumentException("a shard holds " + vip.target() + " twice");
            }
            shard = own;
            hash += Digest.of(vip);
        }
        return new StatePart(shard, map, hash);
    }

    public boolean isEmpty() {
        return vips.isEmpty();
    }

    /** In which all of them are stored, 0 to 255; of no meaning if there is none. */
    public int shard() {
        return shard;
    }

    OpenMap<Target, Vip> vips() {
        return vips;
    }

    /** The sum of their digests. */
    long hash() {
        return hash;
    }
}
