package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.State;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Every path of the table, and the arithmetic of its ring. No Curator namespace: its façade rewrites paths. */
record StorePaths(String root) {

    String meta() {
        return root + "/meta";
    }

    String head() {
        return root + "/head";
    }

    String leader() {
        return root + "/leader";
    }

    /** What operators drain. */
    String drains() {
        return root + "/drains";
    }

    /** The directory of the nodes that are there now. */
    String nodes() {
        return root + "/nodes";
    }

    String node(String id) {
        return nodes() + "/" + id;
    }

    String journal() {
        return root + "/journal";
    }

    String snapshot() {
        return root + "/snapshot";
    }

    /** The slot that batch {@code seq} is written to. */
    String slot(long seq, int slots) {
        return journal() + "/" + slotName((int) (seq % slots));
    }

    /** The slots of batches {@code first} to {@code last}, in order. */
    List<String> slots(long first, long last, int slots) {
        return IntStream.range(0, (int) Math.max(0, last - first + 1))
                .mapToObj(i -> slot(first + i, slots))
                .toList();
    }

    String shard(int index) {
        return snapshot() + "/" + shardName(index);
    }

    List<String> shards() {
        return IntStream.range(0, State.SHARDS).mapToObj(this::shard).toList();
    }

    static List<String> slotNames(int slots) {
        return IntStream.range(0, slots).mapToObj(StorePaths::slotName).toList();
    }

    static List<String> shardNames() {
        return IntStream.range(0, State.SHARDS).mapToObj(StorePaths::shardName).toList();
    }

    private static String slotName(int slot) {
        return String.format(Locale.ROOT, "%04d", slot);
    }

    private static String shardName(int index) {
        return String.format(Locale.ROOT, "%02x", index);
    }
}
