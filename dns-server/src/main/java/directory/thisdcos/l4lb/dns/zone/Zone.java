package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A zone at one moment: its nodes by name, and the SOA that goes with negative answers. Immutable. */
public final class Zone {
    private final Name origin;
    private final int depth;
    private final NodeTable nodes;
    private final @Nullable Rrset negativeSoa;

    private Zone(Name origin, NodeTable nodes, @Nullable Rrset negativeSoa) {
        this.origin = origin;
        this.depth = origin.labels();
        this.nodes = nodes;
        this.negativeSoa = negativeSoa;
    }

    /** A zone of which nothing is known yet: it can only be answered with SERVFAIL. */
    public static Zone notReady(Name origin) {
        return new Zone(origin, NodeTable.EMPTY, null);
    }

    public boolean isReady() {
        return negativeSoa != null;
    }

    public Name origin() {
        return origin;
    }

    /** Labels of the origin. */
    public int depth() {
        return depth;
    }

    /** The label of {@code name}, which is within the zone, at which the origin begins. */
    public int originIn(NameView name) {
        return name.labels() - depth;
    }

    /** The SOA with the TTL of RFC 2308 §3: the lesser of its own and its MINIMUM field. */
    public Rrset negativeSoa() {
        if (negativeSoa == null) {
            throw new IllegalStateException(origin + " is not loaded");
        }
        return negativeSoa;
    }

    public @Nullable Node find(NameView name, int label) {
        return nodes.get(name, label);
    }

    /** The source of synthesis below the suffix at {@code label} (RFC 4592 §3.3.1), or null. */
    public @Nullable Node findWildcard(NameView name, int label) {
        return nodes.wildcard(name, label);
    }

    /** The part of the table where a name of this hash would be; not to be changed. */
    @Nullable Node[] slots(int hash) {
        return nodes.slots(hash);
    }

    public Optional<Node> find(Name name) {
        return Optional.ofNullable(nodes.get(name));
    }

    public Stream<Node> nodes() {
        return nodes.nodes();
    }

    /** Number of names, empty non-terminals included. */
    public int size() {
        return nodes.size();
    }

    /** How many nodes were put or removed to make it of the version before. */
    int changes() {
        return nodes.changes();
    }

    /** Calls {@code visitor} with (before, after) for each name that differs from {@code older}; null where absent. */
    public void forEachDifference(Zone older, BiConsumer<@Nullable Node, @Nullable Node> visitor) {
        nodes.forEachDifference(older.nodes, visitor);
    }

    /** The SOA record with its own TTL. */
    public Rrset soa() {
        Node apex = nodes.get(origin);
        Rrset soa = apex == null ? null : apex.get(Type.SOA);
        if (soa == null) {
            throw new IllegalStateException(origin + " is not loaded");
        }
        return soa;
    }

    public long serial() {
        byte[] soa = negativeSoa().wire();
        return Wire.u32(soa, soa.length - 20);
    }

    Edit edit() {
        return new Edit();
    }

    static Edit create(Name origin) {
        return new Zone(origin, NodeTable.EMPTY, null).edit();
    }

    /** A run of edits that keeps the empty non-terminals in step. For one thread, used once. */
    final class Edit {
        private final NodeTableEdit table = nodes.edit();

        Edit() {
            if (table.get(origin) == null) {
                table.put(Node.apex(origin));
            }
        }

        /** Names that are about to be put. */
        void reserve(int names) {
            table.reserve(names);
        }

        /** Replaces all records of a name; an empty list takes the name away. Names above come first. */
        void put(Name name, List<Rrset> rrsets) {
            Node node = table.get(name);
            if (node == null) {
                if (rrsets.isEmpty()) {
                    return;
                }
                node = create(name);
            }
            settle(node.with(rrsets));
        }

        private Node create(Name name) {
            Name above = name.parent();
            Node parent = table.get(above);
            if (parent == null) {
                parent = create(above);
            }
            Node grown = parent.withChildren(1);
            table.put(grown);
            Node node = Node.below(grown, name);
            table.put(node);
            return node;
        }

        private void settle(Node node) {
            if (!node.isVoid()) {
                table.put(node);
                return;
            }
            table.remove(node.name());
            Node parent = table.get(node.name().parent());
            if (parent != null) {
                settle(parent.withChildren(-1));
            }
        }

        @Nullable Node get(Name name) {
            return table.get(name);
        }

        Zone build() {
            Node apex = table.get(origin);
            Rrset soa = apex == null ? null : apex.get(Type.SOA);
            if (soa == null) {
                throw new IllegalStateException("zone " + origin + " has no SOA");
            }
            byte[] wire = soa.wire();
            long minimum = Wire.u32(wire, wire.length - 4);
            return new Zone(origin, table.build(), soa.withTtl(Math.min(soa.ttl(), minimum)));
        }
    }
}
