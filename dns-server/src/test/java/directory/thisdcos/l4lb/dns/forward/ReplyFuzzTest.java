package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.forward.UpstreamQuery.Manner;
import directory.thisdcos.l4lb.dns.wire.Name;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;

/** Damaged replies: none throws, and whatever is made of one can be read by dnsjava. */
class ReplyFuzzTest {
    private static final long SEED = 20_240_229;
    private static final int ROUNDS = 50_000;
    private static final int TTL = 300;

    private final Random random = new Random(SEED);
    private final QuestionKey key = QuestionKey.of(Name.of("a.example.org"), 255);
    private final UpstreamQuery query = UpstreamQuery.of(key, new Manner(true, true, false, false), new Entropy());

    private byte[] reply(int kind) throws IOException {
        Message reply = new Message(query.bytes()).clone();
        reply.removeAllRecords(Section.ADDITIONAL);
        reply.getHeader().setFlag(org.xbill.DNS.Flags.QR);
        reply.getHeader().setFlag(org.xbill.DNS.Flags.RA);
        org.xbill.DNS.Name owner = reply.getQuestion().getName();
        org.xbill.DNS.Name other = org.xbill.DNS.Name.fromString("b.example.org.");
        if (kind == 0) {
            reply.addRecord(new CNAMERecord(owner, DClass.IN, TTL, other), Section.ANSWER);
            reply.addRecord(
                    new ARecord(other, DClass.IN, TTL, InetAddress.getByAddress(new byte[] {10, 0, 0, 1})),
                    Section.ANSWER);
        } else if (kind == 1) {
            reply.addRecord(new MXRecord(owner, DClass.IN, TTL, 10, other), Section.ANSWER);
            reply.addRecord(new TXTRecord(owner, DClass.IN, TTL, "text"), Section.ANSWER);
        } else {
            reply.addRecord(new SOARecord(owner, DClass.IN, TTL, other, other, 1, 1, 1, 1, 60), Section.AUTHORITY);
        }
        reply.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return reply.toWire();
    }

    @Test
    void nothingThatComesBreaksTheReaderOrTheWriter() throws IOException {
        byte[][] seeds = {reply(0), reply(1), reply(2)};
        int good = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] packet = seeds[random.nextInt(seeds.length)].clone();
            for (int flips = random.nextInt(6); flips > 0; flips--) {
                // The id stays, or nothing behind it is ever looked at.
                packet[2 + random.nextInt(packet.length - 2)] =
                        (byte) (random.nextBoolean() ? 0xc0 | random.nextInt(64) : random.nextInt(256));
            }
            if (random.nextInt(8) == 0) {
                packet = Arrays.copyOf(packet, random.nextInt(packet.length + 20));
            }
            Verdict verdict = Verdict.of(packet, query, key, name -> false);
            if (verdict instanceof Verdict.Good answer) {
                good++;
                ReplyFuzz.check(answer.answer(), key, random.nextInt(1 << 16));
            }
        }
        assertTrue(good > ROUNDS / 20, "good: " + good);
    }
}
