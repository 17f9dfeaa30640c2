package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.answer.DeferredQuery;
import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.OptText;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.ReplyLayout;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.Arrays;

/** The response to a forwarded query as its client needs it. */
// Made and read on the way of one query; compared by nobody.
@SuppressWarnings("ArrayRecordComponent")
record ClientReply(byte[] bytes, int rcode) {

    static ClientReply failure(DeferredQuery query, ExtendedError error) {
        byte[] opt = query.opt().length == 0 ? query.opt() : OptText.with(query.opt(), error);
        byte[] bytes = start(query, Wire.HEADER + query.question().length, opt);
        int end = Wire.HEADER + query.question().length;
        return finish(query, bytes, end, opt, 0, Rcode.SERVFAIL.value());
    }

    /**
     * An upstream's reply for the client: its id, its question with its case, its EDNS, and of the records as many whole
     * ones as it can take. Records are cut off at the end only, so no compression pointer loses its target.
     */
    static ClientReply relay(DeferredQuery query, byte[] reply, ReplyLayout layout) {
        byte[] opt = withUpstreamError(query.opt(), layout.extendedError(reply));
        int rcode = layout.rcode(reply);
        if (rcode > 0xf && opt.length == 0) {
            return failure(query, ExtendedError.NETWORK_ERROR);
        }
        int limit = query.sizeLimit() - opt.length;
        int end = layout.questionEnd();
        int[] kept = new int[3];
        boolean truncated = false;
        int index = 0;
        for (int section = 0; section < 3 && !truncated; section++) {
            for (int i = 0; i < layout.count(section); i++) {
                int next = layout.end(index++);
                if (next > limit) {
                    truncated = true;
                    break;
                }
                end = next;
                kept[section]++;
            }
        }
        byte[] bytes = start(query, end, opt);
        System.arraycopy(reply, layout.questionEnd(), bytes, layout.questionEnd(), end - layout.questionEnd());
        for (int section = 0; section < 3; section++) {
            Wire.put16(bytes, 6 + 2 * section, kept[section]);
        }
        // Without some additional records a response is still whole (RFC 2181 §9).
        boolean incomplete = kept[0] < layout.count(0) || kept[1] < layout.count(1);
        int upstreamFlags = Wire.u16(reply, 2);
        boolean wantsAd = query.dnssecOk() || (query.flags() & Wire.AD) != 0;
        int flags =
                (incomplete || (upstreamFlags & Wire.TC) != 0 ? Wire.TC : 0) | (wantsAd ? upstreamFlags & Wire.AD : 0);
        return finish(query, bytes, end, opt, flags, rcode);
    }

    private static byte[] withUpstreamError(byte[] opt, byte[] option) {
        if (opt.length == 0 || option.length == 0 || option.length > 256) {
            return opt;
        }
        byte[] grown = Arrays.copyOf(opt, opt.length + option.length);
        System.arraycopy(option, 0, grown, opt.length, option.length);
        OptText.end(grown, grown.length);
        return grown;
    }

    private static byte[] start(DeferredQuery query, int end, byte[] opt) {
        byte[] bytes = new byte[end + opt.length];
        System.arraycopy(query.question(), 0, bytes, Wire.HEADER, query.question().length);
        System.arraycopy(opt, 0, bytes, end, opt.length);
        return bytes;
    }

    private static ClientReply finish(DeferredQuery query, byte[] bytes, int end, byte[] opt, int flags, int rcode) {
        if (opt.length > 0) {
            bytes[end + 5] = (byte) (rcode >>> 4);
            Wire.put16(bytes, 10, Wire.u16(bytes, 10) + 1);
        }
        Wire.put16(bytes, 0, query.id());
        int copied = query.flags() & (Wire.RD | Wire.CD);
        Wire.put16(bytes, 2, Wire.QR | Wire.RA | copied | flags | (rcode & 0xf));
        Wire.put16(bytes, 4, 1);
        return new ClientReply(bytes, rcode);
    }
}
