package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.Optional;
import java.util.function.Predicate;

/** What a packet from an upstream is good for. */
sealed interface Verdict {
    /** What the header itself can say; above it only with OPT. */
    int MAX_PLAIN_RCODE = 15;

    /** An answer for the client. */
    record Good(Answer answer) implements Verdict {}

    /** Another upstream may know better; if none does, this is the answer. */
    record Poor(Answer answer, String reason) implements Verdict {}

    /** To be asked again over TCP; the answer is what came so far. */
    record Truncated(Answer answer) implements Verdict {}

    /** The same question in another case: a server that does not keep it, or a forger who does not know it. */
    record OtherCase() implements Verdict {}

    /** The server does not know EDNS: to be asked again without. */
    record NoEdns() implements Verdict {}

    /** The reply to our question, but not readable. */
    record Malformed() implements Verdict {}

    /** Not a reply to our question. */
    record Foreign() implements Verdict {}

    static Verdict of(byte[] packet, UpstreamQuery query, QuestionKey key, Predicate<Name> local) {
        UpstreamQuery.Manner manner = query.manner();
        UpstreamQuery.Match match = query.match(packet);
        if (match == UpstreamQuery.Match.FOREIGN) {
            return new Foreign();
        }
        if (match == UpstreamQuery.Match.BARE_ERROR) {
            int rcode = Wire.u16(packet, 2) & 0xf;
            // To a server that cannot parse the query, OPT may be what is wrong.
            return manner.edns() ? new NoEdns() : new Poor(Answer.bare(rcode), "error");
        }
        if (match == UpstreamQuery.Match.OTHER_CASE && manner.mixedCase() && !manner.tcp()) {
            return new OtherCase();
        }
        Optional<ReplyMessage> read = ReplyMessage.read(packet, query.question().length);
        if (read.isEmpty()) {
            // A truncated message may be cut anywhere, and one that fills the buffer was.
            boolean large = packet.length >= SocketAttempt.MAX_DATAGRAM;
            boolean cut = ((Wire.u16(packet, 2) & Wire.TC) != 0 || large) && !manner.tcp();
            return cut ? new Truncated(Answer.bare(Rcode.SERVFAIL.value())) : new Malformed();
        }
        return judge(read.get(), manner, key, local);
    }

    private static Verdict judge(
            ReplyMessage reply, UpstreamQuery.Manner manner, QuestionKey key, Predicate<Name> local) {
        int rcode = reply.rcode();
        // RFC 6891 §7: FORMERR without OPT tells of a server that does not know EDNS.
        if (manner.edns() && !reply.hasOpt() && (rcode == Rcode.FORMERR.value() || rcode == Rcode.NOTIMP.value())) {
            return new NoEdns();
        }
        // RFC 6891 §6.1.3: the other codes of more than four bits are between it and us, too, and nothing for a client.
        if (rcode == Rcode.BADVERS.value() && manner.edns()) {
            return new NoEdns();
        }
        if (rcode > MAX_PLAIN_RCODE) {
            return new Poor(Answer.failure(Rcode.SERVFAIL, ExtendedError.INVALID_DATA), "error");
        }
        Selection selection = Selection.of(key, reply, local);
        Answer answer = AnswerBuilder.build(key, reply, selection);
        if ((reply.flags() & Wire.TC) != 0 && !manner.tcp()) {
            return new Truncated(answer);
        }
        if (rcode != Rcode.NOERROR.value() && rcode != Rcode.NXDOMAIN.value() && rcode != Rcode.YXDOMAIN.value()) {
            return new Poor(answer, "error");
        }
        if (isLame(reply, selection)) {
            return new Poor(answer, "lame");
        }
        return new Good(answer);
    }

    /** Neither resolves nor has authority: a referral, or a server that is asked by mistake. */
    private static boolean isLame(ReplyMessage reply, Selection selection) {
        return reply.rcode() == Rcode.NOERROR.value()
                && selection.answer().isEmpty()
                && (reply.flags() & (Wire.AA | Wire.RA)) == 0;
    }
}
