package directory.thisdcos.l4lb.netlink.nftables;

import directory.thisdcos.l4lb.netlink.Attributes;
import directory.thisdcos.l4lb.netlink.MessageBuffer;
import directory.thisdcos.l4lb.netlink.NetlinkException;

/** Expressions to and from their attributes (enum nft_*_attributes of nf_tables.h). */
final class ExpressionCodec {
    private static final int EXPR_NAME = 1;
    private static final int EXPR_DATA = 2;
    private static final int DATA_VALUE = 1;
    private static final int DATA_VERDICT = 2;
    private static final int VERDICT_CODE = 1;
    private static final int VERDICT_REGISTER = 0;

    private static final int BITWISE_LENGTH = 3;
    private static final int BITWISE_MASK = 4;
    private static final int BITWISE_XOR = 5;
    private static final int META_SOURCE = 3;
    private static final int LOOKUP_INTO = 3;
    private static final int LOOKUP_FLAGS = 5;
    private static final int CT_DIRECTION = 3;
    private static final int IP_CT_DIR_ORIGINAL = 0;
    private static final int NAT_TYPE = 1;
    private static final int NAT_FAMILY = 2;
    private static final int NAT_REG_ADDR_MIN = 3;
    private static final int NFT_NAT_DNAT = 1;

    private ExpressionCodec() {}

    static void encode(MessageBuffer out, Expression expression) {
        if (expression instanceof Expression.Payload payload) {
            int nest = begin(out, "payload");
            out.networkU32(1, payload.register())
                    .networkU32(2, payload.base())
                    .networkU32(3, payload.offset())
                    .networkU32(4, payload.length());
            out.endNest(nest);
        } else if (expression instanceof Expression.Meta meta) {
            int nest = begin(out, "meta");
            out.networkU32(2, meta.key()).networkU32(1, meta.register());
            out.endNest(nest);
        } else if (expression instanceof Expression.SetMeta meta) {
            int nest = begin(out, "meta");
            out.networkU32(2, meta.key()).networkU32(META_SOURCE, meta.register());
            out.endNest(nest);
        } else if (expression instanceof Expression.Conntrack ct) {
            int nest = begin(out, "ct");
            out.networkU32(2, ct.key()).networkU32(1, ct.register());
            if (ct.ofOriginalDirection()) {
                out.u8(CT_DIRECTION, IP_CT_DIR_ORIGINAL);
            }
            out.endNest(nest);
        } else if (expression instanceof Expression.Mask mask) {
            int nest = begin(out, "bitwise");
            int length = mask.mask().toArray().length;
            out.networkU32(1, mask.register()).networkU32(2, mask.register()).networkU32(BITWISE_LENGTH, length);
            value(out, BITWISE_MASK, mask.mask());
            value(out, BITWISE_XOR, Octets.of(new byte[length]));
            out.endNest(nest);
        } else if (expression instanceof Expression.Compare compare) {
            int nest = begin(out, "cmp");
            out.networkU32(1, compare.register()).networkU32(2, compare.equal() ? 0 : 1);
            value(out, 3, compare.value());
            out.endNest(nest);
        } else if (expression instanceof Expression.Lookup lookup) {
            int nest = begin(out, "lookup");
            out.networkU32(2, lookup.register()).string(1, lookup.set());
            out.endNest(nest);
        } else if (expression instanceof Expression.MapLookup lookup) {
            int nest = begin(out, "lookup");
            out.networkU32(2, lookup.register())
                    .networkU32(LOOKUP_INTO, lookup.into())
                    .string(1, lookup.map());
            out.endNest(nest);
        } else if (expression instanceof Expression.Verdict verdict) {
            int nest = begin(out, "immediate");
            out.networkU32(1, VERDICT_REGISTER);
            int data = out.nest(2);
            int code = out.nest(DATA_VERDICT);
            out.networkU32(VERDICT_CODE, verdict.code())
                    .endNest(code)
                    .endNest(data)
                    .endNest(nest);
        } else if (expression instanceof Expression.Reject reject) {
            int nest = begin(out, "reject");
            out.networkU32(1, reject.type()).u8(2, reject.code()).endNest(nest);
        } else if (expression instanceof Expression.DestinationNat nat) {
            int nest = begin(out, "nat");
            out.networkU32(NAT_TYPE, NFT_NAT_DNAT)
                    .networkU32(NAT_FAMILY, nat.family())
                    .networkU32(NAT_REG_ADDR_MIN, nat.register())
                    .endNest(nest);
        } else if (expression instanceof Expression.Masquerade masquerade) {
            int nest = begin(out, "masq");
            out.networkU32(1, masquerade.flags()).endNest(nest);
        } else {
            throw new IllegalArgumentException("we write no such expression: " + expression);
        }
    }

    private static int begin(MessageBuffer out, String name) {
        return out.string(EXPR_NAME, name).nest(EXPR_DATA);
    }

    private static void value(MessageBuffer out, int type, Octets octets) {
        int nest = out.nest(type);
        out.bytes(DATA_VALUE, octets.toArray()).endNest(nest);
    }

    static Expression decode(Attributes element) throws NetlinkException {
        String name = element.string(EXPR_NAME);
        if (!element.has(EXPR_DATA)) {
            return new Expression.Unknown(name);
        }
        Attributes data = element.nested(EXPR_DATA);
        return switch (name) {
            case "payload" ->
                data.has(1)
                        ? new Expression.Payload(
                                data.networkU32(2), data.networkU32(3), data.networkU32(4), data.networkU32(1))
                        : new Expression.Unknown("payload write");
            case "meta" ->
                data.has(1)
                        ? new Expression.Meta(data.networkU32(2), data.networkU32(1))
                        : new Expression.SetMeta(data.networkU32(2), data.networkU32(META_SOURCE));
            case "ct" -> data.has(1) ? conntrack(data) : new Expression.Unknown("ct set");
            case "bitwise" -> mask(data);
            case "cmp" -> compare(data);
            case "lookup" -> lookup(data);
            case "immediate" -> immediate(data);
            case "reject" -> new Expression.Reject(data.networkU32(1), data.has(2) ? data.u8(2) : 0);
            case "nat" ->
                data.networkU32(NAT_TYPE) == NFT_NAT_DNAT && data.has(NAT_REG_ADDR_MIN)
                        ? new Expression.DestinationNat(data.networkU32(NAT_FAMILY), data.networkU32(NAT_REG_ADDR_MIN))
                        : new Expression.Unknown("other nat");
            case "masq" -> new Expression.Masquerade(data.has(1) ? data.networkU32(1) : 0);
            default -> new Expression.Unknown(name);
        };
    }

    private static Expression lookup(Attributes data) throws NetlinkException {
        if (data.has(LOOKUP_FLAGS) && data.networkU32(LOOKUP_FLAGS) != 0) {
            return new Expression.Unknown("inverted lookup");
        }
        return data.has(LOOKUP_INTO)
                ? new Expression.MapLookup(data.networkU32(2), data.string(1), data.networkU32(LOOKUP_INTO))
                : new Expression.Lookup(data.networkU32(2), data.string(1));
    }

    private static Expression conntrack(Attributes data) throws NetlinkException {
        if (data.has(CT_DIRECTION) && data.u8(CT_DIRECTION) != IP_CT_DIR_ORIGINAL) {
            return new Expression.Unknown("ct reply");
        }
        return new Expression.Conntrack(data.networkU32(2), data.has(CT_DIRECTION), data.networkU32(1));
    }

    private static Expression mask(Attributes data) throws NetlinkException {
        boolean plain = data.has(BITWISE_MASK)
                && data.networkU32(1) == data.networkU32(2)
                && value(data, BITWISE_XOR).equals(Octets.of(new byte[data.networkU32(BITWISE_LENGTH)]));
        return plain
                ? new Expression.Mask(data.networkU32(1), value(data, BITWISE_MASK))
                : new Expression.Unknown("other bitwise");
    }

    private static Expression compare(Attributes data) throws NetlinkException {
        int operator = data.networkU32(2);
        return operator <= 1
                ? new Expression.Compare(data.networkU32(1), operator == 0, value(data, 3))
                : new Expression.Unknown("cmp " + operator);
    }

    private static Expression immediate(Attributes data) throws NetlinkException {
        Attributes content = data.nested(2);
        return data.networkU32(1) == VERDICT_REGISTER && content.has(DATA_VERDICT)
                ? new Expression.Verdict(content.nested(DATA_VERDICT).networkU32(VERDICT_CODE))
                : new Expression.Unknown("immediate data");
    }

    private static Octets value(Attributes data, int type) throws NetlinkException {
        return Octets.of(data.nested(type).bytes(DATA_VALUE));
    }
}
