package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.OptText;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.Wire;

/** Writes a response around the records of an answer. */
final class ReplyWriter {
    /** Longer reasons are cut out: they are for people, and the records need the room. */
    private static final int MAX_REASON = 256;

    private ReplyWriter() {}

    /**
     * Completes a message that holds the question already.
     *
     * @param questionEnd where the question ends in {@code out}
     * @param flags the client's RD, AD and CD
     * @param wantsAd whether the client understands AD
     * @param opt an OPT record, of which {@code optSize} octets count; 0 if the client sent none
     * @param reason an extended error with its option header, or nothing
     * @param limit octets that the client can take
     * @return the size of the message
     */
    static int write(
            Answer answer,
            byte[] out,
            int questionEnd,
            int id,
            int flags,
            boolean wantsAd,
            byte[] opt,
            int optSize,
            byte[] reason,
            int limit,
            long age,
            int fixedTtl) {
        int reasonSize = optSize == 0 || reason.length > MAX_REASON ? 0 : reason.length;
        int rcode = rcode(answer, optSize);
        Wire.put16(out, 0, id);
        int ad = wantsAd && answer.authentic() ? Wire.AD : 0;
        Wire.put16(out, 2, Wire.QR | Wire.RA | (flags & (Wire.RD | Wire.CD)) | ad | (rcode & 0xf));
        Wire.put16(out, 4, 1);
        Wire.put16(out, 10, 0);
        int end = answer.write(out, questionEnd, limit - optSize - reasonSize, age, fixedTtl);
        if (optSize > 0) {
            System.arraycopy(opt, 0, out, end, optSize);
            out[end + 5] = (byte) (rcode >>> 4);
            System.arraycopy(reason, 0, out, end + optSize, reasonSize);
            Wire.put16(out, end + OptText.FIXED - 2, optSize + reasonSize - OptText.FIXED);
            Wire.put16(out, 10, 1);
        }
        return end + optSize + reasonSize;
    }

    /** Without OPT there is no room for the upper bits. */
    static int rcode(Answer answer, int optSize) {
        return answer.rcode() > 0xf && optSize == 0 ? Rcode.SERVFAIL.value() : answer.rcode();
    }

    /** Octets that {@link #write} may need. */
    static int bound(Answer answer, int questionEnd, int optSize, int limit) {
        return Math.max(questionEnd, Math.min(questionEnd + answer.records().length, limit)) + optSize + MAX_REASON;
    }
}
