package directory.thisdcos.l4lb.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a node says of itself.
 *
 * @param id its name among the nodes; letters, digits, {@code .}, {@code _} and {@code -}
 * @param addresses of its interfaces, without loopback
 * @param attributes what the operator says of it, such as {@code rack} and {@code zone}
 * @param version of the program
 * @param started when the program began
 * @param table which table it serves
 * @param dns its DNS server
 * @param ipvs its kernel side
 * @param probe where its neighbours look whether its machine answers; empty if it takes no part in that
 * @param unreachable its witness: the probe addresses of neighbours that do not answer it any more
 */
public record NodeStatus(
        String id,
        List<Ip> addresses,
        SortedMap<String, String> attributes,
        String version,
        Instant started,
        Table table,
        Part dns,
        Part ipvs,
        Optional<Endpoint> probe,
        SortedSet<Ip> unreachable) {

    /**
     * A table that a node serves.
     *
     * @param cluster the cluster whose it is; empty before there was one
     * @param hash of the state, to be compared with other nodes' at the same {@code seq}
     * @param stale whether ZooKeeper may have a newer one
     * @param age how long ago it was last known to be the newest; zero while it is
     * @param divergences times that its hash was not the writer's since the program began
     */
    public record Table(
            String cluster, long epoch, long seq, long hash, boolean stale, Duration age, long divergences) {}

    /**
     * How a part of the node does.
     *
     * @param ok whether it does its work
     * @param mode what it was told to do or chose, one word
     * @param detail one sentence
     */
    public record Part(boolean ok, String mode, String detail) {}

    private static final int MAX_ID_OCTETS = 253;

    /** A witness of more than this says that the node itself is cut off. */
    private static final int MAX_UNREACHABLE = 1_000;

    public NodeStatus {
        requireId(id);
        addresses = List.copyOf(addresses);
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
        unreachable = first(unreachable);
    }

    /** Of a node that its neighbours do not look at. */
    public NodeStatus(
            String id,
            List<Ip> addresses,
            SortedMap<String, String> attributes,
            String version,
            Instant started,
            Table table,
            Part dns,
            Part ipvs,
            SortedSet<Ip> unreachable) {
        this(id, addresses, attributes, version, started, table, dns, ipvs, Optional.empty(), unreachable);
    }

    private static SortedSet<Ip> first(Collection<Ip> all) {
        TreeSet<Ip> first = new TreeSet<>();
        all.stream().sorted().limit(MAX_UNREACHABLE).forEach(first::add);
        return Collections.unmodifiableSortedSet(first);
    }

    /** Throws with the reason if a node cannot be called so. */
    public static void requireId(String id) {
        if (!id.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || id.length() > MAX_ID_OCTETS) {
            throw new IllegalArgumentException(
                    "'" + id + "' is no name for a node; it has letters, digits, '.', '_' and '-', at" + " most "
                            + MAX_ID_OCTETS + " of them");
        }
    }

    /** Whether others must learn at once that it differs from {@code before}; which table is served may wait. */
    public boolean isNews(NodeStatus before) {
        return !withoutProgress().equals(before.withoutProgress());
    }

    private Map<String, Object> withoutProgress() {
        return Map.of(
                "id",
                id,
                "addresses",
                addresses,
                "attributes",
                attributes,
                "version",
                version,
                "cluster",
                table.cluster(),
                "stale",
                table.stale(),
                "divergences",
                table.divergences(),
                "dns",
                dns.ok() + dns.mode(),
                "ipvs",
                ipvs.ok() + ipvs.mode(),
                "witness",
                List.of(probe, unreachable));
    }
}
