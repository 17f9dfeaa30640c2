package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.store.codec.ShardIndex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.Op;

/**
 * A shard that no znode can hold, as it is with 30,000 backends on one name: its znode holds only an index, and the parts
 * beside it its octets, {@code ab.0.0}, {@code ab.0.1}… Two sets of parts take turns, so that what the index names is
 * whole whatever becomes of a writer, and for a reader that has just read it. Parts that are not named any more stay.
 */
final class LargeShard {
    /** Half of what ZooKeeper takes in one request (jute.maxbuffer, 1 MiB). */
    private static final int PART_BYTES = 512 * 1024;

    private LargeShard() {}

    /** Writes the octets of a shard, while this is the writer. */
    static void write(FencedHead head, String shard, byte[] bytes) throws StoreException {
        ZooKeeperClient client = head.client();
        StoreLayout layout = new StoreLayout(client);
        int set = 1 - index(client.znodes().read(shard)).map(ShardIndex::set).orElse(1);
        int parts = 0;
        for (int from = 0; from < bytes.length; from += PART_BYTES) {
            String part = path(shard, set, parts++);
            layout.ensureEmpty(part);
            byte[] octets = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PART_BYTES));
            head.commitRepeatable(List.of(Op.setData(part, octets, -1)));
        }
        try {
            head.commitRepeatable(List.of(Op.setData(shard, new ShardIndex(set, parts).encode(), -1)));
        } catch (IOException e) {
            throw new StoreException("cannot encode the index of " + shard, e);
        }
    }

    private static Optional<ShardIndex> index(Optional<Znode> znode) throws StoreException {
        try {
            return znode.isPresent() ? ShardIndex.decode(znode.get().data()) : Optional.empty();
        } catch (IOException e) {
            throw new StoreException("a shard holds a bad index: " + e.getMessage(), e);
        }
    }

    /**
     * The octets of a shard whose znode was read.
     *
     * @throws GapException if parts are missing; a writer may be replacing them
     */
    static byte[] octets(Znodes znodes, String shard, Znode znode) throws StoreException {
        Optional<ShardIndex> index = index(Optional.of(znode));
        if (index.isEmpty()) {
            return znode.data();
        }
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < index.get().parts(); i++) {
            paths.add(path(shard, index.get().set(), i));
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        List<Optional<Znode>> parts = znodes.readAll(paths);
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            octets.writeBytes(parts.get(i)
                    .orElseThrow(() -> new GapException(path + " is missing"))
                    .data());
        }
        return octets.toByteArray();
    }

    private static String path(String shard, int set, int part) {
        return shard + "." + set + "." + part;
    }
}
