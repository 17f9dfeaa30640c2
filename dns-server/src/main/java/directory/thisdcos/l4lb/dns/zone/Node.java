package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One name of a zone. A node without records is an empty non-terminal: it exists because something below it does (RFC
 * 8020), so it is answered with NODATA. Immutable.
 */
public final class Node {
    private static final Rrset[] NO_RECORDS = {};

    private final Name name;
    /** Of the name: kept here because following one reference less is what a look-up is made of. */
    private final int hash;

    private final byte[] owner;
    private final Rrset[] rrsets;
    private final int children;
    private final boolean apex;
    private final boolean delegation;
    private final @Nullable Node cut;

    private Node(Name name, Rrset[] rrsets, int children, boolean apex, @Nullable Node cut) {
        this.name = name;
        this.hash = name.hashCode();
        this.owner = name.wire();
        this.rrsets = rrsets;
        this.children = children;
        this.apex = apex;
        this.cut = cut;
        this.delegation = !apex && get(Type.NS) != null;
    }

    static Node apex(Name origin) {
        return new Node(origin, NO_RECORDS, 0, true, null);
    }

    /** A new node below {@code parent}, still empty. */
    static Node below(Node parent, Name name) {
        return new Node(name, NO_RECORDS, 0, false, parent.cutBelow());
    }

    Node with(List<Rrset> records) {
        return new Node(name, records.toArray(NO_RECORDS), children, apex, cut);
    }

    Node withChildren(int delta) {
        return new Node(name, rrsets, children + delta, apex, cut);
    }

    int hash() {
        return hash;
    }

    /** The name's wire form; not to be changed. */
    byte[] owner() {
        return owner;
    }

    public Name name() {
        return name;
    }

    /** The records of a type, or null. */
    public @Nullable Rrset get(int type) {
        for (Rrset rrset : rrsets) {
            if (rrset.type() == type) {
                return rrset;
            }
        }
        return null;
    }

    public List<Rrset> rrsets() {
        return Arrays.asList(rrsets);
    }

    /** Whether another server answers for it and what is below it (RFC 1034 §4.2.1). */
    public boolean isDelegation() {
        return delegation;
    }

    /** The topmost delegation or DNAME above this node, which hides it; null if it is authoritative data. */
    public @Nullable Node cut() {
        return cut;
    }

    /** The same for a name below this node that does not exist. */
    public @Nullable Node cutBelow() {
        if (cut != null) {
            return cut;
        }
        return isDelegation() || get(Type.DNAME) != null ? this : null;
    }

    boolean isVoid() {
        return rrsets.length == 0 && children == 0 && !apex;
    }

    boolean isEmpty() {
        return rrsets.length == 0;
    }
}
