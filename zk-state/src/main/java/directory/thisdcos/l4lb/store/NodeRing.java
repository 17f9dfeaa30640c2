package directory.thisdcos.l4lb.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32;

/**
 * Who looks after whom: all nodes stand in a ring, in the order of a hash of their names, and each looks at those next
 * to it on both sides. So everybody is looked at by as many as it looks at, neighbours are seldom of one rack, and a
 * node that comes or goes concerns the few around it.
 */
final class NodeRing {

    private NodeRing() {}

    /**
     * The neighbours of a node, nearest first.
     *
     * @param ids of all nodes; the node itself may be missing
     * @param count how many, half of them on each side; fewer if there are no more nodes
     */
    static List<String> neighbours(String id, Collection<String> ids, int count) {
        TreeSet<String> ring =
                new TreeSet<>(Comparator.comparingLong(NodeRing::place).thenComparing(Comparator.naturalOrder()));
        ring.addAll(ids);
        ring.add(id);
        List<String> order = new ArrayList<>(ring);
        int own = order.indexOf(id);
        List<String> neighbours = new ArrayList<>();
        for (int distance = 1; neighbours.size() < count && neighbours.size() < order.size() - 1; distance++) {
            add(order.get(Math.floorMod(own + distance, order.size())), id, neighbours);
            if (neighbours.size() < count) {
                add(order.get(Math.floorMod(own - distance, order.size())), id, neighbours);
            }
        }
        return neighbours;
    }

    private static void add(String candidate, String own, List<String> neighbours) {
        if (!candidate.equals(own) && !neighbours.contains(candidate)) {
            neighbours.add(candidate);
        }
    }

    private static long place(String id) {
        CRC32 crc = new CRC32();
        crc.update(id.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}
