package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.EdnsOption;
import directory.thisdcos.l4lb.dns.wire.OptText;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.Arrays;

/**
 * What we ask an upstream. None of a client's options go along: cookies are between two hosts (RFC 7873), and a client's
 * subnet is nobody's affair. AD is always set, which asks for an honest AD in the reply (RFC 6840 §5.7), so that one reply
 * serves clients that want to know and clients that do not.
 *
 * @param question the question section within {@code bytes}, as it must come back
 */
// Made and read on the way of one query; compared by nobody.
@SuppressWarnings("ArrayRecordComponent")
record UpstreamQuery(int id, Manner manner, byte[] question, byte[] bytes) {

    /** RFC 8467 §4.1: what a client pads to, so that sizes tell less. */
    private static final int PADDING_BLOCK = 128;

    /**
     * How to ask: over a stream or UDP, with an OPT record or without, with the case of letters mixed or lower, and padded
     * because it is encrypted.
     */
    record Manner(boolean tcp, boolean edns, boolean mixedCase, boolean padded) {
        static Manner first(Resolver resolver, boolean edns, boolean mixedCase) {
            return new Manner(resolver.isStream(), edns, mixedCase, resolver.isStream());
        }

        Manner overTcp() {
            return new Manner(true, edns, mixedCase, padded);
        }

        Manner withoutEdns() {
            return new Manner(tcp, false, mixedCase, padded);
        }

        Manner plainOverUdp() {
            return new Manner(false, edns, false, padded);
        }
    }

    static UpstreamQuery of(QuestionKey key, Manner manner, Entropy entropy) {
        byte[] opt = new byte[2 * PADDING_BLOCK];
        int optSize = manner.edns() ? OptText.begin(opt, key.dnssecOk()) : 0;
        byte[] question = key.question();
        if (manner.padded() && optSize > 0) {
            int unpadded = Wire.HEADER + question.length + optSize + 4;
            int padding = (PADDING_BLOCK - unpadded % PADDING_BLOCK) % PADDING_BLOCK;
            Wire.put16(opt, optSize, EdnsOption.PADDING);
            Wire.put16(opt, optSize + 2, padding);
            optSize += 4 + padding;
            OptText.end(opt, optSize);
        }
        if (manner.mixedCase()) {
            entropy.mixCase(question, 0, question.length - 4);
        }
        byte[] bytes = new byte[Wire.HEADER + question.length + optSize];
        int id = entropy.id();
        Wire.put16(bytes, 0, id);
        Wire.put16(bytes, 2, Wire.RD | Wire.AD | (key.checkingDisabled() ? Wire.CD : 0));
        Wire.put16(bytes, 4, 1);
        Wire.put16(bytes, 10, manner.edns() ? 1 : 0);
        System.arraycopy(question, 0, bytes, Wire.HEADER, question.length);
        System.arraycopy(opt, 0, bytes, Wire.HEADER + question.length, optSize);
        return new UpstreamQuery(id, manner, question, bytes);
    }

    /** How a packet relates to this query. */
    enum Match {
        /** Not our transaction or not our question: as if it had never come. */
        FOREIGN,
        /** An error without the question, from a server that could not parse it. */
        BARE_ERROR,
        /** The right question, in another case. */
        OTHER_CASE,
        EXACT
    }

    Match match(byte[] reply) {
        boolean ours = reply.length >= Wire.HEADER
                && Wire.u16(reply, 0) == id
                && (Wire.u16(reply, 2) & (Wire.QR | 0x7800)) == Wire.QR;
        if (!ours) {
            return Match.FOREIGN;
        }
        int questions = Wire.u16(reply, 4);
        if (questions == 0 && (Wire.u16(reply, 2) & 0xf) != 0 && reply.length == Wire.HEADER) {
            return Match.BARE_ERROR;
        }
        int end = Wire.HEADER + question.length;
        if (questions != 1 || reply.length < end) {
            return Match.FOREIGN;
        }
        if (Arrays.equals(reply, Wire.HEADER, end, question, 0, question.length)) {
            return Match.EXACT;
        }
        for (int i = 0; i < question.length; i++) {
            byte there = reply[Wire.HEADER + i];
            // Type and class are exact; length octets are below 64 and have no case.
            boolean same = i < question.length - 4 ? lower(there) == lower(question[i]) : there == question[i];
            if (!same) {
                return Match.FOREIGN;
            }
        }
        return Match.OTHER_CASE;
    }

    private static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 32) : octet;
    }
}
