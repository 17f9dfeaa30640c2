package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.answer.DeferredQuery;
import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.OptText;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.Arrays;

/** The response to a forwarded query as its client needs it: its id, its question with its case, its EDNS, its size. */
// Made and read on the way of one query; compared by nobody.
@SuppressWarnings("ArrayRecordComponent")
record ClientReply(byte[] bytes, int rcode) {

    static ClientReply error(DeferredQuery query, Rcode rcode, ExtendedError error) {
        byte[] opt = query.opt().length == 0 ? query.opt() : OptText.with(query.opt(), error);
        return of(query, Answer.bare(rcode.value()), opt, 0, -1);
    }

    static ClientReply of(DeferredQuery query, Answer answer, long age) {
        return of(query, answer, withUpstreamError(query.opt(), answer.extendedError()), age, -1);
    }

    private static ClientReply of(DeferredQuery query, Answer answer, byte[] opt, long age, int fixedTtl) {
        int rcode = answer.rcode();
        // Without OPT there is no room for the upper bits.
        if (rcode > 0xf && opt.length == 0) {
            rcode = Rcode.SERVFAIL.value();
        }
        int questionEnd = Wire.HEADER + query.question().length;
        int limit = query.sizeLimit() - opt.length;
        byte[] out =
                new byte[Math.min(questionEnd + answer.records().length, Math.max(limit, questionEnd)) + opt.length];
        boolean wantsAd = query.dnssecOk() || (query.flags() & Wire.AD) != 0;
        int flags = Wire.QR | Wire.RA | (query.flags() & (Wire.RD | Wire.CD));
        Wire.put16(out, 0, query.id());
        Wire.put16(out, 2, flags | (wantsAd && answer.authentic() ? Wire.AD : 0) | (rcode & 0xf));
        Wire.put16(out, 4, 1);
        System.arraycopy(query.question(), 0, out, Wire.HEADER, query.question().length);
        int end = answer.write(out, questionEnd, limit, age, fixedTtl);
        if (opt.length > 0) {
            System.arraycopy(opt, 0, out, end, opt.length);
            out[end + 5] = (byte) (rcode >>> 4);
            Wire.put16(out, 10, 1);
        }
        return new ClientReply(Arrays.copyOf(out, end + opt.length), rcode);
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
}
