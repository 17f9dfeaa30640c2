package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.netlink.nftables.AddressSet;
import directory.thisdcos.l4lb.netlink.nftables.Chain;
import directory.thisdcos.l4lb.netlink.nftables.Element;
import directory.thisdcos.l4lb.netlink.nftables.Expression;
import directory.thisdcos.l4lb.netlink.nftables.Octets;
import directory.thisdcos.l4lb.netlink.nftables.RuleBuilder;
import directory.thisdcos.l4lb.netlink.nftables.Table;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Our one nftables table, {@code inet l4lb}. Its chains never change, its sets do:
 *
 * <ul>
 *   <li>{@code mark_*}: packets to services that share a firewall mark get it, just before IPVS asks for it. Not in
 *       prerouting: there a mark may change the route. After iptables' table mangle, which others use to mark.
 *   <li>{@code idle_*}: new connections to a service without a server are refused before IPVS sees them (its hooks are
 *       at priority -99 of output and 99 of input): by a TCP reset. IPVS itself answers with an ICMP error, which a
 *       connecting socket that is just locked by its owner, or any socket of an IPv6 client behind a rate limit, takes
 *       for a hint only, and tries again after a second (tcp_ipv6.c: tcp_v6_err). Only SYN packets: open connections
 *       to servers of weight 0 live on.
 *   <li>{@code guard}: one route makes every address of a pool this host's own, and with it every port on which the host
 *       listens; what IPVS has left over is refused. Connections that are open come first: the answers to a client on
 *       this host carry a virtual address as their destination. Of TCP only SYN packets, see {@code source}.
 *   <li>{@code own_*}: rules that map host ports to containers would take {@code VIP:port} for {@code host:port}; the
 *       first rule that rewrites a connection's destination wins, so ours, which changes nothing, stands one before them.
 *   <li>{@code source}: servers answer through this host, whoever the client is. Of TCP only what begins with a SYN
 *       packet: a connection that is older than this table may be new to the kernel's connection tracking, which runs
 *       only where a rule asks for it. A new source port in its midst would end it.
 * </ul>
 */
final class GuardTable {
    static final String NAME = "l4lb";
    private static final String VIPS = "vips";
    private static final String IDLE = "idle";
    private static final String MARKS = "marks";

    private static final int TCP = 6;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    /** After conntrack (-200), before destination NAT (-100) and IPVS (-99). */
    private static final int OUTPUT_BEFORE_IPVS = -150;

    /** After mangle (-150). */
    private static final int OUTPUT_MARK = -120;

    /** IPVS is at 98 and 99 of input. */
    private static final int INPUT_BEFORE_IPVS = 90;

    private static final int INPUT_MARK = 80;

    private static final int INPUT_AFTER_IPVS = 110;
    private static final int BEFORE_DESTINATION_NAT = -101;
    private static final int SOURCE_NAT = 100;

    /** With empty sets. */
    static final Table STRUCTURE = new Table(NAME, 0, sets(), chains(), Map.of());

    private GuardTable() {}

    /** All sets, empty. */
    static Map<String, Set<Element>> noElements() {
        Map<String, Set<Element>> elements = new HashMap<>();
        STRUCTURE.sets().forEach(set -> elements.put(set.name(), new HashSet<>()));
        return elements;
    }

    /** The elements of all sets. */
    static Map<String, Set<Element>> elements(LocalAddresses local, Collection<ServiceId.Address> idle) {
        Map<String, Set<Element>> elements = noElements();
        for (Prefix prefix : local.prefixes()) {
            elements.computeIfAbsent(name(VIPS, prefix.network().family()), set -> new HashSet<>())
                    .addAll(bounds(prefix));
        }
        local.marks()
                .forEach((id, mark) -> elements.computeIfAbsent(name(MARKS, id.family()), set -> new HashSet<>())
                        .add(Element.of(serviceKey(id), Octets.ofHostInt(mark.mark()))));
        idle.forEach(id ->
                elements.computeIfAbsent(idleSet(id), set -> new HashSet<>()).add(idleElement(id)));
        return elements;
    }

    static String idleSet(ServiceId.Address id) {
        return name(IDLE, id.family());
    }

    static Element idleElement(ServiceId.Address id) {
        return Element.of(serviceKey(id));
    }

    /** Address, protocol and port, each padded to four bytes. */
    private static byte[] serviceKey(ServiceId.Address id) {
        byte[] address = id.ip().octets();
        ByteBuffer key = ByteBuffer.allocate(address.length + 2 * Integer.BYTES);
        key.put(address).put((byte) id.protocol()).position(address.length + Integer.BYTES);
        return key.putShort((short) id.port()).array();
    }

    /** The first address, and the one after the last; without the latter where the number space ends. */
    private static List<Element> bounds(Prefix prefix) {
        byte[] first = prefix.network().octets();
        int bits = first.length * Byte.SIZE;
        BigInteger after = new BigInteger(1, first).add(BigInteger.ONE.shiftLeft(bits - prefix.length()));
        Element start = Element.of(first);
        if (after.bitLength() > bits) {
            return List.of(start);
        }
        byte[] number = after.toByteArray();
        byte[] end = new byte[first.length];
        int length = Math.min(number.length, end.length);
        System.arraycopy(number, number.length - length, end, end.length - length, length);
        return List.of(start, Element.bound(Octets.of(end), true));
    }

    private static String name(String set, Family family) {
        return set + (family == Family.V4 ? "4" : "6");
    }

    private static List<AddressSet> sets() {
        List<AddressSet> sets = new ArrayList<>();
        for (Family family : Family.values()) {
            int type = family == Family.V4 ? AddressSet.IPV4_ADDRESS : AddressSet.IPV6_ADDRESS;
            sets.add(new AddressSet(name(VIPS, family), type, family.octets(), true));
            int concatenation = (type << AddressSet.TYPE_BITS | AddressSet.INET_PROTOCOL) << AddressSet.TYPE_BITS
                    | AddressSet.INET_SERVICE;
            int length = family.octets() + 2 * Integer.BYTES;
            sets.add(new AddressSet(name(IDLE, family), concatenation, length, false));
            sets.add(AddressSet.toMarks(name(MARKS, family), concatenation, length));
        }
        return sets;
    }

    private static List<Chain> chains() {
        return List.of(
                Chain.of("mark_output", "filter", Chain.OUTPUT, OUTPUT_MARK, mark()),
                Chain.of("mark_input", "filter", Chain.INPUT, INPUT_MARK, mark()),
                Chain.of("idle_output", "filter", Chain.OUTPUT, OUTPUT_BEFORE_IPVS, refuseIdle()),
                Chain.of("idle_input", "filter", Chain.INPUT, INPUT_BEFORE_IPVS, refuseIdle()),
                Chain.of("guard", "filter", Chain.INPUT, INPUT_AFTER_IPVS, guard()),
                Chain.of("own_output", "nat", Chain.OUTPUT, BEFORE_DESTINATION_NAT, keepDestination()),
                Chain.of("own_prerouting", "nat", Chain.PREROUTING, BEFORE_DESTINATION_NAT, keepDestination()),
                Chain.of("source", "nat", Chain.POSTROUTING, SOURCE_NAT, masquerade()));
    }

    private static List<List<Expression>> mark() {
        return Arrays.stream(Family.values())
                .map(family -> new RuleBuilder().markFrom(family, name(MARKS, family)))
                .toList();
    }

    private static List<List<Expression>> refuseIdle() {
        List<List<Expression>> rules = new ArrayList<>();
        for (Family family : Family.values()) {
            rules.add(new RuleBuilder()
                    .tcpSyn()
                    .destinationServiceIn(family, name(IDLE, family))
                    .then(Expression.Reject.TCP_RESET));
        }
        for (Family family : Family.values()) {
            rules.add(new RuleBuilder()
                    .protocolNot(TCP)
                    .state(Expression.Conntrack.NEW)
                    .destinationServiceIn(family, name(IDLE, family))
                    .then(Expression.Reject.PORT_UNREACHABLE));
        }
        return rules;
    }

    private static List<List<Expression>> guard() {
        List<List<Expression>> rules = new ArrayList<>();
        rules.add(new RuleBuilder()
                .state(Expression.Conntrack.ESTABLISHED | Expression.Conntrack.RELATED)
                .then(Expression.Verdict.ACCEPT));
        rules.add(new RuleBuilder().protocol(ICMP).then(Expression.Verdict.ACCEPT));
        rules.add(new RuleBuilder().protocol(ICMPV6).then(Expression.Verdict.ACCEPT));
        for (Family family : Family.values()) {
            String vips = name(VIPS, family);
            rules.add(new RuleBuilder().tcpSyn().destinationIn(family, vips).then(Expression.Reject.TCP_RESET));
            rules.add(new RuleBuilder()
                    .protocolNot(TCP)
                    .destinationIn(family, vips)
                    .then(Expression.Reject.PORT_UNREACHABLE));
        }
        return rules;
    }

    private static List<List<Expression>> keepDestination() {
        return Arrays.stream(Family.values())
                .map(family -> new RuleBuilder()
                        .destinationIn(family, name(VIPS, family))
                        .keepDestination(family))
                .toList();
    }

    private static List<List<Expression>> masquerade() {
        Expression masquerade =
                new Expression.Masquerade(Expression.Masquerade.RANDOM | Expression.Masquerade.FULLY_RANDOM);
        return Arrays.stream(Family.values())
                .flatMap(family -> Stream.of(new RuleBuilder().tcpSyn(), new RuleBuilder().protocolNot(TCP))
                        .map(begins -> begins.originalDestinationIn(family, name(VIPS, family))
                                .then(masquerade)))
                .toList();
    }
}
