package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Query;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.ResponseWriter;
import directory.thisdcos.l4lb.dns.wire.ResponseWriter.Section;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.dns.zone.Catalog;
import directory.thisdcos.l4lb.dns.zone.Node;
import directory.thisdcos.l4lb.dns.zone.Zone;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The algorithm of RFC 1034 §4.3.2 as amended by RFC 4592 (wildcards), RFC 6672 (DNAME) and RFC 8020 (what exists). One
 * turn of {@link #run}'s loop answers for one name; an alias begins another turn with its target. For one thread.
 */
final class Lookup {
    /** How many aliases are followed; what is found until then is answered. References: Knot 5, BIND 17, NSD 18. */
    static final int MAX_CHAIN = 16;

    private final ResponseWriter writer;
    private final Additional additional;
    private final NameView target = new NameView();
    private final NameView grafted = new NameView();
    private final List<Name> visited = new ArrayList<>();

    private NameView name = target;
    private @Nullable Zone asked;
    private @Nullable Name alias;
    private boolean renamed;
    private int type;
    private int rotation;
    private boolean anyClass;
    private boolean authoritative;
    private Rcode rcode = Rcode.NOERROR;

    Lookup(ResponseWriter writer) {
        this.writer = writer;
        this.additional = new Additional(writer);
    }

    boolean isAuthoritative() {
        return authoritative;
    }

    /**
     * Fills the sections for a name within {@code zone}.
     *
     * @param real the name that the question stands for; the question's own unless the writer renames
     */
    Rcode run(Query query, NameView real, Catalog catalog, Zone zone) {
        name = real;
        asked = zone;
        renamed = real != query.name();
        alias = null;
        type = query.type();
        anyClass = query.qclass() == Wire.CLASS_ANY;
        rotation = query.id();
        authoritative = true;
        rcode = Rcode.NOERROR;
        Zone current = zone;
        while (step(current, current.originIn(name))) {
            // The name is an alias, and "target" holds what it stands for.
            Name next = target.toName();
            if (visited.isEmpty()) {
                visited.add(real.toName());
            }
            if (visited.contains(next) || visited.size() > MAX_CHAIN) {
                break;
            }
            visited.add(next);
            alias = next;
            name = target;
            // An alias of a zone to its own origin stays there, whatever the type: BIND and Knot; NSD asks the parent.
            Zone found = catalog.at(name, 0) == current ? current : zoneOf(catalog, name, type);
            if (found == null || !found.isReady()) {
                break;
            }
            current = found;
        }
        if (!visited.isEmpty()) {
            visited.clear();
        }
        return rcode;
    }

    /** The zone that speaks for a name and a type, or null. */
    static @Nullable Zone zoneOf(Catalog catalog, NameView name, int type) {
        Zone zone = catalog.above(name, 0);
        if (type != Type.DS || zone == null || zone.originIn(name) != 0 || name.labels() == 0) {
            return zone;
        }
        // The parent, if it is ours too, speaks for a cut: RFC 4035 §3.1.4.1.
        Zone parent = catalog.above(name, 1);
        return parent == null ? zone : parent;
    }

    /** Answers for one name; true if it is an alias that is to be followed. */
    private boolean step(Zone zone, int origin) {
        Node node = zone.find(name, 0);
        if (node != null) {
            Node cut = node.cut();
            if (cut != null) {
                return behind(zone, cut);
            }
            // RFC 4035 §3.1.4.1: the DS record stands on the parent's side of a cut.
            if (node.isDelegation() && type != Type.DS) {
                return refer(zone, node);
            }
            return answer(zone, origin, node);
        }
        int encloserAt = 1;
        Node encloser = zone.find(name, encloserAt);
        while (encloser == null) {
            encloserAt++;
            encloser = zone.find(name, encloserAt);
        }
        Node cut = encloser.cutBelow();
        if (cut != null) {
            return behind(zone, cut);
        }
        Node wildcard = zone.findWildcard(name, encloserAt);
        if (wildcard != null) {
            return answer(zone, origin, wildcard);
        }
        rcode = Rcode.NXDOMAIN;
        negative(zone, origin);
        return false;
    }

    private boolean behind(Zone zone, Node cut) {
        Rrset dname = cut.isDelegation() ? null : cut.get(Type.DNAME);
        return dname == null ? refer(zone, cut) : redirect(cut, dname);
    }

    private boolean answer(Zone zone, int origin, Node node) {
        Rrset found = type == Type.ANY ? first(node) : node.get(type);
        writer.section(Section.ANSWER);
        if (found != null) {
            if (!add(found)) {
                writer.truncate();
                return false;
            }
            // Optional, so it is given where a reference does: Knot, which never comes to another zone; there BIND, for
            // NS.
            if (zone == asked || type == Type.NS) {
                additional.add(zone, found, false);
            }
            return false;
        }
        // RFC 4035 §2.5: these two stand beside an alias, so a question for them is about the alias itself.
        Rrset cname = type == Type.RRSIG || type == Type.NSEC ? null : node.get(Type.CNAME);
        if (cname == null) {
            negative(zone, origin);
            return false;
        }
        if (!add(cname)) {
            writer.truncate();
            return false;
        }
        return target.read(cname.wire(), cname.dataStart(0), cname.wire().length) > 0;
    }

    /** RFC 8482 §4.1: one set of records is answer enough. */
    private static @Nullable Rrset first(Node node) {
        return node.rrsets().isEmpty() ? null : node.rrsets().get(0);
    }

    private boolean add(Rrset rrset) {
        int start = rrset.size() == 1 ? 0 : rotation % rrset.size();
        return alias == null ? writer.addAtQuestion(rrset, start) : writer.add(alias, rrset, start);
    }

    /** RFC 6672 §3.2: the DNAME record, and a CNAME made from it for those who do not know DNAME. */
    private boolean redirect(Node cut, Rrset dname) {
        writer.section(Section.ANSWER);
        int label = name.labels() - cut.name().labels();
        if (!writer.add(cut.name(), dname, 0)) {
            writer.truncate();
            return false;
        }
        if (!name.graft(label, dname.wire(), dname.dataStart(0), grafted)) {
            rcode = Rcode.YXDOMAIN;
            return false;
        }
        Name to = grafted.toName();
        Rrset cname = Rrset.of(Type.CNAME, dname.ttl(), List.of(to.wire()));
        if (!add(cname)) {
            writer.truncate();
            return false;
        }
        // Who asks for the alias itself has it now; one that leads below itself would only grow.
        return type != Type.CNAME
                && !Name.ofWire(dname.wire(), dname.dataStart(0)).isWithin(cut.name())
                && target.read(to.wire(), 0, to.length()) > 0;
    }

    private boolean refer(Zone zone, Node cut) {
        // RFC 1035 §4.1.1: AA speaks of the first owner in the answer, so an alias of ours keeps it.
        authoritative = alias != null;
        Rrset servers = cut.get(Type.NS);
        writer.section(Section.AUTHORITY);
        if (servers != null) {
            if (!writer.add(cut.name(), servers, 0)) {
                writer.truncate();
                return false;
            }
            additional.add(zone, servers, true);
        }
        return false;
    }

    private void negative(Zone zone, int origin) {
        if (anyClass) {
            // Nothing is known of the other classes, so nothing is said to last. NSD does so too; Knot answers as for
            // class IN, BIND with FORMERR.
            return;
        }
        writer.section(Section.AUTHORITY);
        Rrset soa = zone.negativeSoa();
        boolean whole;
        if (alias != null || renamed) {
            whole = writer.add(zone.origin(), soa, 0);
        } else {
            whole = origin == 0 ? writer.addAtQuestion(soa, 0) : writer.addAtSuffix(origin, soa);
        }
        if (!whole) {
            writer.truncate();
        }
    }
}
