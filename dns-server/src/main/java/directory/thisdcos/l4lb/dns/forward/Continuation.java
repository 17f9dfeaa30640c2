package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.forward.UpstreamQuery.Manner;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.Optional;

/**
 * Completes answers whose aliases lead to a name of ours, such as {@code db.corp.example CNAME
 * mysql.marathon.l4lb.thisdcos.directory}: the upstream knows the alias, we know the address, at this moment.
 */
final class Continuation {
    private final LocalZones local;
    private final Entropy entropy;

    Continuation(LocalZones local, Entropy entropy) {
        this.local = local;
        this.entropy = entropy;
    }

    /** The answer as it is, if it is whole; else with what we know now, and as old as {@code age} seconds no more. */
    Answer complete(QuestionKey key, Answer answer, long age) {
        if (answer.continuesAt().isEmpty()) {
            return answer;
        }
        Name name = answer.continuesAt().get();
        QuestionKey tailKey = QuestionKey.of(name, key.type());
        UpstreamQuery query = UpstreamQuery.of(tailKey, new Manner(true, false, false, false), entropy);
        byte[] reply = local.answer(query.bytes());
        if (query.match(reply) != UpstreamQuery.Match.EXACT) {
            return answer;
        }
        Optional<ReplyMessage> tail = ReplyMessage.read(reply, query.question().length);
        Optional<ReplyMessage> head = head(key, answer, age);
        if (tail.isEmpty() || head.isEmpty()) {
            return answer;
        }
        Selection selection = Selection.of(tailKey, tail.get(), any -> false);
        return AnswerBuilder.join(key, head.get(), selection);
    }

    private static Optional<ReplyMessage> head(QuestionKey key, Answer answer, long age) {
        byte[] question = key.question();
        int at = Wire.HEADER + question.length;
        byte[] message = new byte[at + answer.records().length];
        System.arraycopy(question, 0, message, Wire.HEADER, question.length);
        Wire.put16(message, 4, 1);
        answer.write(message, at, message.length, age, -1);
        return ReplyMessage.read(message, question.length);
    }
}
