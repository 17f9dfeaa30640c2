package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.dns.forward.UpstreamQuery.Manner;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/**
 * Reads whatever a fuzzer thinks an upstream might say ({@code conformance/fuzz reply}): two octets that choose where the
 * answer is cut, flags and counts, and what follows the question.
 */
public final class ReplyFuzz {
    /** Whose data is checked; that of others is passed on as it is (RFC 3597). */
    private static final Set<Integer> KNOWN = Set.of(1, 2, 5, 6, 12, 15, 16, 28, 39);

    private static final QuestionKey KEY = QuestionKey.of(Name.of("a.example.org"), 255);
    private static final UpstreamQuery QUERY =
            UpstreamQuery.of(KEY, new Manner(true, false, false, false), new Entropy());
    private static final int CHOSEN = 2;

    private ReplyFuzz() {}

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        if (data.length < CHOSEN + Wire.HEADER - 2) {
            return;
        }
        byte[] question = KEY.question();
        int tail = CHOSEN + Wire.HEADER - 2;
        byte[] packet = new byte[Wire.HEADER + question.length + data.length - tail];
        // Id and question are as asked, or nothing behind them is ever looked at.
        System.arraycopy(QUERY.bytes(), 0, packet, 0, 2);
        System.arraycopy(data, CHOSEN, packet, 2, Wire.HEADER - 2);
        System.arraycopy(question, 0, packet, Wire.HEADER, question.length);
        System.arraycopy(data, tail, packet, Wire.HEADER + question.length, data.length - tail);
        Verdict verdict = Verdict.of(packet, QUERY, KEY, name -> false);
        if (verdict instanceof Verdict.Good good) {
            check(good.answer(), KEY, Wire.u16(data, 0));
        }
    }

    /** @param cut where the limit is, in part of the message's size */
    static void check(Answer answer, QuestionKey key, int cut) throws IOException {
        byte[] question = key.question();
        int at = Wire.HEADER + question.length;
        byte[] message = new byte[at + answer.records().length];
        System.arraycopy(question, 0, message, Wire.HEADER, question.length);
        Wire.put16(message, 4, 1);
        int limit = cut % (message.length + 1);
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
