package directory.thisdcos.l4lb.model;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that the cluster agrees on at one moment. Immutable; made only by {@link #apply} and, from stored parts, by
 * {@link #restore}. Reading is safe from every thread.
 */
public final class State {

    /** Before the first batch: nothing is known, not even the pools. */
    public static final State EMPTY = new State(
            0,
            0,
            Optional.empty(),
            ShardMap.empty(target -> new Digest().add(target.text()).value()),
            ShardMap.empty(State::spread),
            0);

    /** Number of shards in which a state is stored; see {@link #shardOf}. */
    public static final int SHARDS = ShardMap.SHARDS;

    private final long epoch;
    private final long seq;
    private final Optional<Pools> pools;
    private final ShardMap<Target, Vip> vips;
    private final ShardMap<Ip, ServiceName> holders;
    private final long hash;

    State(
            long epoch,
            long seq,
            Optional<Pools> pools,
            ShardMap<Target, Vip> vips,
            ShardMap<Ip, ServiceName> holders,
            long hash) {
        this.epoch = epoch;
        this.seq = seq;
        this.pools = pools;
        this.vips = vips;
        this.holders = holders;
        this.hash = hash;
    }

    /**
     * The state after a batch. The batch's {@code stateHash} is not compared here: the caller decides what a divergence
     * means.
     *
     * @throws IllegalArgumentException if {@code batch.seq()} is not the next one
     */
    public State apply(Batch batch) {
        if (batch.seq() != seq + 1) {
            throw new IllegalArgumentException("batch " + batch.seq() + " does not follow " + seq);
        }
        return fold(batch.changes()).at(batch.epoch(), batch.seq());
    }

    /** The state after {@code changes}, at the same epoch and seq: what a writer's batch would give. */
    public State fold(Collection<Change> changes) {
        StateFold fold = new StateFold(pools, vips.edit(), holders.edit(), hash);
        changes.forEach(fold::apply);
        return fold.build(epoch, seq);
    }

    /**
     * From the parts that were stored; {@link #hash()} is computed anew, so that the caller can verify it.
     *
     * @throws IllegalArgumentException if two parts are of one shard
     */
    public static State restore(long epoch, long seq, Optional<Pools> pools, Collection<StatePart> parts) {
        return unindexed(epoch, seq, pools, parts).reindexed();
    }

    /** The same for parts on which more is folded: {@link #holder} finds nothing until it is {@link #reindexed}. */
    public static State unindexed(long epoch, long seq, Optional<Pools> pools, Collection<StatePart> parts) {
        long hash = Digest.of(pools);
        ShardMap<Target, Vip>.Edit vips = EMPTY.vips.edit();
        for (StatePart part : parts) {
            if (!part.isEmpty()) {
                vips.putShard(part.shard(), part.vips());
                hash += part.hash();
            }
        }
        return new State(epoch, seq, pools, vips.build(), EMPTY.holders, hash);
    }

    /** The same from VIPs in any order. */
    public static State restoreVips(long epoch, long seq, Optional<Pools> pools, Collection<Vip> vips) {
        Map<Integer, List<Vip>> shards = vips.stream().collect(Collectors.groupingBy(vip -> shardOf(vip.target())));
        return restore(
                epoch,
                seq,
                pools,
                shards.values().parallelStream().map(StatePart::of).toList());
    }

    /**
     * The same with the index behind {@link #holder} made anew. A fold over parts of different age may leave it wrong:
     * when an address moved from one name to another, an old part may still hold it for the first.
     */
    public State reindexed() {
        ShardMap<Ip, ServiceName>.Edit index =
                ShardMap.<Ip, ServiceName>sized(State::spread, vips.size()).edit();
        for (int shard = 0; shard < SHARDS; shard++) {
            for (Vip vip : vips.shard(shard).values()) {
                Allocation held = vip.allocation().orElse(null);
                if (held != null) {
                    held.occupied().forEach(ip -> index.put(ip, held.name()));
                }
            }
        }
        return new State(epoch, seq, pools, vips, index.build(), hash);
    }

    /** Which shard of the index has an address; the index is stored nowhere, so releases may differ. */
    private static long spread(Ip ip) {
        return ((ip.high() * 31 + ip.low()) * 0x9e3779b97f4a7c15L) >>> 56;
    }

    private State at(long newEpoch, long newSeq) {
        return new State(newEpoch, newSeq, pools, vips, holders, hash);
    }

    public long epoch() {
        return epoch;
    }

    /** Number of batches applied; 0 before the first. */
    public long seq() {
        return seq;
    }

    /** Order-independent digest of the content; epoch and seq do not count. */
    public long hash() {
        return hash;
    }

    public Optional<Pools> pools() {
        return pools;
    }

    public Optional<Vip> vip(Target target) {
        return Optional.ofNullable(vips.get(target));
    }

    public Optional<VirtualService> service(ServiceKey key) {
        return vip(key.target()).flatMap(vip -> vip.service(key));
    }

    public Optional<Allocation> allocation(ServiceName name) {
        return vip(name).flatMap(Vip::allocation);
    }

    /** The name that holds an address, or had it, and it is in quarantine. */
    public Optional<ServiceName> holder(Ip ip) {
        return Optional.ofNullable(holders.get(ip));
    }

    /** Whether a fixed VIP uses the address. */
    public boolean isClaimed(Ip ip) {
        Vip vip = vips.get(new FixedAddress(ip));
        return vip != null && !vip.services().isEmpty();
    }

    /** Every target, in no order. */
    public Stream<Vip> vips() {
        return IntStream.range(0, SHARDS).boxed().flatMap(shard -> vips.shard(shard).values().stream());
    }

    /**
     * The targets of one shard, 0 to {@value #SHARDS} - 1. Not to be modified; not wrapped either, so that shards that
     * two states share are one object and compare at once.
     */
    public Map<Target, Vip> shard(int index) {
        return vips.shard(index);
    }

    /** The shard in which a target is stored; the same on every machine and in every release. */
    public static int shardOf(Target target) {
        return EMPTY.vips.shardOf(target);
    }

    /** The shards whose content may differ from an older state's. */
    public List<Integer> changedShards(State older) {
        return IntStream.range(0, SHARDS)
                .filter(shard -> vips.shard(shard) != older.vips.shard(shard)
                        && !vips.shard(shard).equals(older.vips.shard(shard)))
                .boxed()
                .toList();
    }

    /**
     * Calls {@code visitor} with (before, after) for each target that differs from {@code older}; null where it is
     * absent. Costs time in proportion to the shards that changed.
     */
    public void forEachDifference(State older, BiConsumer<@Nullable Vip, @Nullable Vip> visitor) {
        vips.forEachDifference(older.vips, visitor);
    }

    /** Number of targets. */
    public int size() {
        return vips.size();
    }

    @Override
    public String toString() {
        return "State[epoch=" + epoch + ", seq=" + seq + ", vips=" + vips.size() + ", hash=" + Long.toHexString(hash)
                + "]";
    }
}
