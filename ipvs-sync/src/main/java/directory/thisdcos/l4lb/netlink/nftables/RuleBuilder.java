package directory.thisdcos.l4lb.netlink.nftables;

import directory.thisdcos.l4lb.model.Family;
import java.util.ArrayList;
import java.util.List;

/** Writes a rule match by match. Registers are used from the first on, anew by each match. */
public final class RuleBuilder {
    private static final int REGISTER = 1;

    /** The second and third quarter of register 1: behind an IPv4 address. */
    private static final int QUARTER_2 = 9;

    private static final int QUARTER_3 = 10;

    /** Register 2 and its second quarter: behind an IPv6 address. */
    private static final int REGISTER_2 = 2;

    private static final int REGISTER_2_QUARTER_2 = 13;

    private static final int TCP_FLAGS_OFFSET = 13;
    private static final int SYN = 0x02;
    private static final int FIN_SYN_RST_ACK = 0x17;
    private static final int PORT_OFFSET = 2;
    private static final int PORT_BYTES = 2;

    private final List<Expression> expressions = new ArrayList<>();

    private RuleBuilder add(Expression expression) {
        expressions.add(expression);
        return this;
    }

    private RuleBuilder compare(boolean equal, int octet) {
        return add(new Expression.Compare(REGISTER, equal, Octets.of((byte) octet)));
    }

    /** Packets of this transport protocol. */
    public RuleBuilder protocol(int number) {
        return add(new Expression.Meta(Expression.Meta.L4PROTO, REGISTER)).compare(true, number);
    }

    /** Packets of any other. */
    public RuleBuilder protocolNot(int number) {
        return add(new Expression.Meta(Expression.Meta.L4PROTO, REGISTER)).compare(false, number);
    }

    /** TCP packets that begin a connection. */
    public RuleBuilder tcpSyn() {
        return protocol(6)
                .add(new Expression.Payload(Expression.Payload.TRANSPORT_HEADER, TCP_FLAGS_OFFSET, 1, REGISTER))
                .add(new Expression.Mask(REGISTER, Octets.of((byte) FIN_SYN_RST_ACK)))
                .compare(true, SYN);
    }

    /** Packets of connections in one of these states, see {@link Expression.Conntrack}. */
    public RuleBuilder state(int bits) {
        return add(new Expression.Conntrack(Expression.Conntrack.STATE, false, REGISTER))
                .add(new Expression.Mask(REGISTER, Octets.ofHostInt(bits)))
                .add(new Expression.Compare(REGISTER, false, Octets.ofHostInt(0)));
    }

    /** Packets to an address in the set. */
    public RuleBuilder destinationIn(Family family, String set) {
        return family(family).loadDestination(family).add(new Expression.Lookup(REGISTER, set));
    }

    /** Packets whose destination address, protocol and port are in the set. */
    public RuleBuilder destinationServiceIn(Family family, String set) {
        return loadService(family).add(new Expression.Lookup(REGISTER, set));
    }

    /** The whole rule: gives packets the mark that a map has for their destination address, protocol and port. */
    public List<Expression> markFrom(Family family, String map) {
        return loadService(family)
                .add(new Expression.MapLookup(REGISTER, map, REGISTER))
                .then(new Expression.SetMeta(Expression.Meta.MARK, REGISTER));
    }

    private RuleBuilder loadService(Family family) {
        boolean four = family == Family.V4;
        return family(family)
                .loadDestination(family)
                .add(new Expression.Meta(Expression.Meta.L4PROTO, four ? QUARTER_2 : REGISTER_2))
                .add(new Expression.Payload(
                        Expression.Payload.TRANSPORT_HEADER,
                        PORT_OFFSET,
                        PORT_BYTES,
                        four ? QUARTER_3 : REGISTER_2_QUARTER_2));
    }

    /** Packets of connections that were first sent to an address in the set. */
    public RuleBuilder originalDestinationIn(Family family, String set) {
        int key = family == Family.V4 ? Expression.Conntrack.DESTINATION_IP : Expression.Conntrack.DESTINATION_IP6;
        return add(new Expression.Conntrack(key, true, REGISTER)).add(new Expression.Lookup(REGISTER, set));
    }

    private RuleBuilder family(Family family) {
        return add(new Expression.Meta(Expression.Meta.NFPROTO, REGISTER)).compare(true, number(family));
    }

    private RuleBuilder loadDestination(Family family) {
        // Where the destination is in the header: RFC 791 §3.1, RFC 8200 §3.
        int offset = family == Family.V4 ? 16 : 24;
        return add(new Expression.Payload(Expression.Payload.NETWORK_HEADER, offset, family.octets(), REGISTER));
    }

    /** The whole rule: what matches goes to where it goes anyway, and to nowhere else. */
    public List<Expression> keepDestination(Family family) {
        return loadDestination(family).then(new Expression.DestinationNat(number(family), REGISTER));
    }

    /** The whole rule, with what happens to packets that match. */
    public List<Expression> then(Expression end) {
        return List.copyOf(add(end).expressions);
    }

    private static int number(Family family) {
        return family == Family.V4 ? 2 : 10;
    }
}
