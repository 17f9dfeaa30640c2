package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.model.Ip;
import java.util.ArrayList;
import java.util.List;

/**
 * Zones that never change: {@code localhost} (RFC 6761 §6.3) and {@code spartan}, whose {@code ready.spartan} programs of
 * DC/OS look up to learn whether DNS works.
 */
public final class BuiltinZones {
    private static final long TTL_SECONDS = 5;
    private static final Name SPARTAN = Name.of("spartan");
    private static final Name LOCALHOST = Name.of("localhost");
    private static final List<Ip> LOOPBACKS = List.of(Ip.of("127.0.0.1"), Ip.of("::1"));

    private BuiltinZones() {}

    /** Of a server that clients reach at {@code serverAddresses}. */
    public static List<Zone> of(List<Ip> serverAddresses) {
        Name server = SPARTAN.child("ns");
        Zone.Edit spartan = begin(SPARTAN, server, List.of());
        spartan.put(server, Rdata.addresses(TTL_SECONDS, serverAddresses));
        spartan.put(SPARTAN.child("ready"), Rdata.addresses(TTL_SECONDS, LOOPBACKS.subList(0, 1)));
        Zone.Edit localhost = begin(LOCALHOST, server, Rdata.addresses(TTL_SECONDS, LOOPBACKS));
        localhost.put(LOCALHOST.child("*"), Rdata.addresses(TTL_SECONDS, LOOPBACKS));
        return List.of(spartan.build(), localhost.build());
    }

    private static Zone.Edit begin(Name origin, Name server, List<Rrset> more) {
        Zone.Edit edit = Zone.create(origin);
        List<Rrset> apex = new ArrayList<>();
        apex.add(Rrset.of(Type.SOA, TTL_SECONDS, List.of(Rdata.soa(server, origin.child("hostmaster"), 1))));
        apex.add(Rrset.of(Type.NS, TTL_SECONDS, List.of(server.wire().clone())));
        apex.addAll(more);
        edit.put(origin, apex);
        return edit;
    }
}
