package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameCompressor;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.RecordScan;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Writes selected records anew, compressed against a question of the same name, and decides how long they live. */
final class AnswerBuilder {
    /** A day, as BIND's max-cache-ttl is a week and unbound's a day: what is wrong for longer hurts more. */
    static final int MAX_SECONDS = 86_400;
    /** RFC 2308 §5 allows one to three hours; in a cluster names appear all the time. */
    static final int MAX_NEGATIVE_SECONDS = 900;

    private final byte[] question;
    private final NameCompressor names = new NameCompressor();
    private byte[] out;
    private int at;
    private int[] ends = new int[8];
    private int[] ttls = new int[8];
    private int count;
    private boolean full;

    private AnswerBuilder(QuestionKey key, int sizeHint) {
        question = key.question();
        at = Wire.HEADER + question.length;
        out = new byte[at + sizeHint];
        System.arraycopy(question, 0, out, Wire.HEADER, question.length);
        NameView name = new NameView();
        name.read(question, 0, question.length);
        names.note(name, Wire.HEADER);
    }

    static Answer build(QuestionKey key, ReplyMessage reply, Selection selection) {
        AnswerBuilder builder = new AnswerBuilder(key, 512);
        boolean negative = !selection.hasData() && !selection.endsLocally();
        int answers = builder.addAll(selection, negative ? MAX_NEGATIVE_SECONDS : MAX_SECONDS);
        boolean truncated = builder.full || (reply.flags() & Wire.TC) != 0;
        Optional<Name> continuesAt = selection.endsLocally() ? Optional.of(selection.end()) : Optional.empty();
        boolean authentic = (reply.flags() & Wire.AD) != 0 && continuesAt.isEmpty();
        int lifetime = truncated ? 0 : builder.lifetime(selection, negative);
        return builder.answer(
                selection.rcode(), authentic, truncated, answers, reply.extendedError(), lifetime, continuesAt);
    }

    /** The aliases of {@code head}, and what we know of the name to which they lead. */
    static Answer join(QuestionKey key, ReplyMessage head, Selection tail) {
        AnswerBuilder builder = new AnswerBuilder(key, 512);
        head.answer().forEach(each -> builder.add(each, each.ttl()));
        int answers = builder.addAll(tail, MAX_SECONDS);
        return builder.answer(tail.rcode(), false, builder.full, answers, new byte[0], 0, Optional.empty());
    }

    private int addAll(Selection selection, int cap) {
        selection.answer().forEach(each -> add(each, Math.min(each.ttl(), cap)));
        int answers = count;
        for (ReplyRecord each : selection.authority()) {
            long ttl = each.type() == Type.SOA ? each.negativeTtl() : each.ttl();
            add(each, Math.min(ttl, cap));
        }
        return answers;
    }

    private Answer answer(
            int rcode,
            boolean authentic,
            boolean truncated,
            int answers,
            byte[] extendedError,
            int lifetime,
            Optional<Name> continuesAt) {
        return new Answer(
                rcode,
                authentic,
                truncated,
                Arrays.copyOfRange(out, Wire.HEADER + question.length, at),
                Arrays.copyOf(ends, count),
                Arrays.copyOf(ttls, count),
                answers,
                extendedError,
                lifetime,
                continuesAt);
    }

    private int lifetime(Selection selection, boolean negative) {
        int rcode = selection.rcode();
        // What says that a name is not there, and gives its data, is not to be believed for long.
        boolean contradictory = rcode == Rcode.NXDOMAIN.value() && selection.hasData();
        if ((rcode != Rcode.NOERROR.value() && rcode != Rcode.NXDOMAIN.value()) || contradictory) {
            return 0;
        }
        List<ReplyRecord> authority = selection.authority();
        // RFC 2308 §5: without a SOA nobody knows how long nothing will be there.
        if (negative && authority.stream().noneMatch(each -> each.type() == Type.SOA)) {
            return 0;
        }
        long least = MAX_SECONDS;
        for (int i = 0; i < count; i++) {
            least = Math.min(least, Wire.u32(out, Wire.HEADER + question.length + ttls[i]));
        }
        return (int) least;
    }

    private void add(ReplyRecord each, long ttl) {
        int room = at + Wire.MAX_NAME + 10 + each.data().length;
        if (full || room > Wire.MAX_MESSAGE) {
            full = true;
            return;
        }
        if (room > out.length) {
            out = Arrays.copyOf(out, Math.max(room, 2 * out.length));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            ttls = Arrays.copyOf(ttls, 2 * count);
        }
        int base = Wire.HEADER + question.length;
        int fixed = names.write(each.ownerWire(), 0, out, at);
        Wire.put16(out, fixed, each.type());
        Wire.put16(out, fixed + 2, Wire.IN);
        Wire.put32(out, fixed + 4, ttl);
        int end = data(each, fixed + 10);
        Wire.put16(out, fixed + 8, end - fixed - 10);
        ttls[count] = fixed + 4 - base;
        ends[count++] = end - base;
        at = end;
    }

    private int data(ReplyRecord each, int to) {
        byte[] data = each.data();
        int source = 0;
        int next = to;
        if (RecordData.mayCompress(each.type())) {
            RecordData shape = RecordData.of(each.type());
            System.arraycopy(data, 0, out, next, shape.prefix());
            source = shape.prefix();
            next += shape.prefix();
            for (int i = 0; i < shape.names(); i++) {
                next = names.write(data, source, out, next);
                source = RecordScan.skipName(data, source, data.length);
            }
        }
        System.arraycopy(data, source, out, next, data.length - source);
        return next + data.length - source;
    }
}
