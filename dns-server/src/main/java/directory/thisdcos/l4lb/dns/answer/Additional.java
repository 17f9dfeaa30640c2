package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.ResponseWriter;
import directory.thisdcos.l4lb.dns.wire.ResponseWriter.Section;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.zone.Node;
import directory.thisdcos.l4lb.dns.zone.Zone;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills the additional section: addresses that a client would ask for next, and glue. The size of the message is what
 * bounds it. For one thread.
 */
final class Additional {
    private static final int[] ADDRESSES = {Type.A, Type.AAAA};

    private final ResponseWriter writer;
    private final NameView hosts = new NameView();

    Additional(ResponseWriter writer) {
        this.writer = writer;
    }

    /** The addresses of the hosts that records name. RFC 9471 §3.1: a referral without its glue is incomplete. */
    void add(Zone zone, Rrset rrset, boolean referral) {
        int offset = switch (rrset.type()) {
            case Type.NS -> 0;
            case Type.MX -> 2;
            case Type.SRV -> 6;
            default -> -1;
        };
        if (offset < 0) {
            return;
        }
        writer.section(Section.ADDITIONAL);
        Set<Name> done = new HashSet<>();
        for (int i = 0; i < rrset.size(); i++) {
            Name host = Name.ofWire(rrset.wire(), rrset.dataStart(i) + offset);
            Node node = done.add(host) ? host(zone, host, referral) : null;
            if (node != null && referral && !glue(host, node)) {
                writer.truncate();
                return;
            }
            if (node != null && !referral && node.cut() == null) {
                addresses(host, node);
            }
        }
    }

    /** The node that has a host's addresses: its own, or a wildcard. */
    private @Nullable Node host(Zone zone, Name host, boolean referral) {
        Node node = zone.find(host).orElse(null);
        if (node != null || !host.isWithin(zone.origin()) || hosts.read(host.wire(), 0, host.length()) < 0) {
            return node;
        }
        int encloserAt = 1;
        Node encloser = zone.find(hosts, encloserAt);
        while (encloser == null) {
            encloserAt++;
            encloser = zone.find(hosts, encloserAt);
        }
        return referral || encloser.cutBelow() == null ? zone.findWildcard(hosts, encloserAt) : null;
    }

    /** As much as fits; whether all did. */
    private boolean glue(Name host, Node node) {
        boolean whole = true;
        for (int wanted : ADDRESSES) {
            Rrset rrset = node.get(wanted);
            whole = whole && (rrset == null || writer.add(host, rrset, 0));
        }
        return whole;
    }

    /** RFC 2181 §9: nothing says that they are incomplete, so a set that does not fit is left out. */
    private void addresses(Name host, Node node) {
        for (int wanted : ADDRESSES) {
            Rrset rrset = node.get(wanted);
            if (rrset != null) {
                writer.addWhole(host, rrset);
            }
        }
    }
}
