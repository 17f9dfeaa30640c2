package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.forward.UpstreamQuery.Manner;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
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

    /** Whose data is checked; that of others is passed on as it is (RFC 3597). */
    private static final Set<Integer> KNOWN = Set.of(1, 2, 5, 6, 12, 15, 16, 28, 39);

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
                check(answer.answer());
            }
        }
        assertTrue(good > ROUNDS / 20, "good: " + good);
    }

    private void check(Answer answer) throws IOException {
        byte[] question = key.question();
        int at = Wire.HEADER + question.length;
        byte[] message = new byte[at + answer.records().length];
        System.arraycopy(question, 0, message, Wire.HEADER, question.length);
        Wire.put16(message, 4, 1);
        int limit = random.nextInt(message.length + 1);
        int end = answer.write(message, at, Math.max(at, limit), 1, -1);
        ReplyMessage again =
                ReplyMessage.read(Arrays.copyOf(message, end), question.length).orElseThrow();
        int records = again.answer().size() + again.authority().size();
        assertEquals(records < answer.ends().length || answer.truncated(), (again.flags() & Wire.TC) != 0);
        boolean known = Stream.concat(again.answer().stream(), again.authority().stream())
                .allMatch(each -> KNOWN.contains(each.type()));
        if (known) {
            Message parsed = new Message(Arrays.copyOf(message, end));
            assertEquals(
                    records,
                    parsed.getSection(Section.ANSWER).size()
                            + parsed.getSection(Section.AUTHORITY).size());
        }
    }
}
