package directory.thisdcos.l4lb.netlink.nftables;

/**
 * One step of a rule; a rule ends without a verdict as soon as a step does not match. Registers are numbered as the
 * kernel reports them: 1 to 4 are 16 bytes each, the first 4 bytes of one included, 9 to 11 the later quarters of
 * register 1, 13 those of register 2 and so on (nf_tables_api.c: nft_dump_register).
 */
public sealed interface Expression {

    /** Bytes of the packet, the offset counted from the base. */
    record Payload(int base, int offset, int length, int register) implements Expression {
        public static final int NETWORK_HEADER = 1;
        public static final int TRANSPORT_HEADER = 2;
    }

    /** Something that is known of the packet. */
    record Meta(int key, int register) implements Expression {
        /** Its family: 2 IPv4, 10 IPv6; one byte. */
        public static final int NFPROTO = 15;

        /** Its transport protocol; one byte. */
        public static final int L4PROTO = 16;

        /** Its firewall mark, in host order. */
        public static final int MARK = 3;
    }

    /** Changes what is known of the packet to what a register has. */
    record SetMeta(int key, int register) implements Expression {}

    /** Something that is known of the packet's connection. */
    record Conntrack(int key, boolean ofOriginalDirection, int register) implements Expression {
        /** A bit for the state, in host order: {@link #ESTABLISHED}, {@link #RELATED}, {@link #NEW}. */
        public static final int STATE = 0;

        public static final int DESTINATION_IP = 20;
        public static final int DESTINATION_IP6 = 22;

        public static final int ESTABLISHED = 2;
        public static final int RELATED = 4;
        public static final int NEW = 8;
    }

    /** Clears the bits of a register that are not in the mask. */
    record Mask(int register, Octets mask) implements Expression {}

    /** Matches if the register has this value, or, not {@code equal}, if it has another. */
    record Compare(int register, boolean equal, Octets value) implements Expression {}

    /** Matches if the set has the register's value. */
    record Lookup(int register, String set) implements Expression {}

    /** Matches if the map has the register's value, and loads what it stands for into another. */
    record MapLookup(int register, String map, int into) implements Expression {}

    /** Ends the rule and the chain: 1 accepts, 0 drops. */
    record Verdict(int code) implements Expression {
        public static final Verdict ACCEPT = new Verdict(1);
    }

    /** Refuses the packet and says so to its sender. */
    record Reject(int type, int code) implements Expression {
        public static final Reject TCP_RESET = new Reject(1, 0);

        /** ICMP or ICMPv6 port unreachable, as the packet's family wants it. */
        public static final Reject PORT_UNREACHABLE = new Reject(2, 1);
    }

    /** Sends the connection to the address in a register; family 2 or 10. */
    record DestinationNat(int family, int register) implements Expression {}

    /** Gives the connection the host's own source address; flags NF_NAT_RANGE_*. */
    record Masquerade(int flags) implements Expression {
        public static final int RANDOM = 0x4;
        public static final int FULLY_RANDOM = 0x10;
    }

    /** One that we never write. */
    record Unknown(String name) implements Expression {}
}
