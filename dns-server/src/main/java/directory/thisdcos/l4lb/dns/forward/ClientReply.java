package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.answer.DeferredQuery;
import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.Arrays;

/** The response to a forwarded query as its client needs it: its id, its question with its case, its EDNS, its size. */
// Made and read on the way of one query; compared by nobody.
@SuppressWarnings("ArrayRecordComponent")
record ClientReply(byte[] bytes, int rcode) {
    /** RFC 8767 §4: so that clients come back soon, when there may be something better. */
    private static final int STALE_TTL = 30;

    private static final int OWN_TTL = -1;

    static ClientReply error(DeferredQuery query, Rcode rcode, ExtendedError reason) {
        return of(query, Answer.failure(rcode, reason), 0);
    }

    /** An answer that an upstream gave {@code age} seconds ago. */
    static ClientReply of(DeferredQuery query, Answer answer, long age) {
        return of(query, answer, answer.extendedError(), age, OWN_TTL);
    }

    /** An answer after its time. */
    static ClientReply stale(DeferredQuery query, Answer answer) {
        return of(query, answer, ExtendedError.STALE.option(), 0, STALE_TTL);
    }

    private static ClientReply of(DeferredQuery query, Answer answer, byte[] reason, long age, int fixedTtl) {
        byte[] question = query.question();
        byte[] opt = query.opt();
        int questionEnd = Wire.HEADER + question.length;
        byte[] out = new byte[ReplyWriter.bound(answer, questionEnd, opt.length, query.sizeLimit())];
        System.arraycopy(question, 0, out, Wire.HEADER, question.length);
        boolean wantsAd = query.dnssecOk() || (query.flags() & Wire.AD) != 0;
        int size = ReplyWriter.write(
                answer,
                out,
                questionEnd,
                query.id(),
                query.flags(),
                wantsAd,
                opt,
                opt.length,
                reason,
                query.sizeLimit(),
                age,
                fixedTtl);
        return new ClientReply(Arrays.copyOf(out, size), ReplyWriter.rcode(answer, opt.length));
    }
}
