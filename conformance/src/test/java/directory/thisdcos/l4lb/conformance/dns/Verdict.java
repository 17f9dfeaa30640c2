package directory.thisdcos.l4lb.conformance.dns;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What an answer says, in one line that can be compared: order within a section and the case of data do not count. Of a
 * truncated answer only what is not in the sections counts: NSD and Knot leave them empty, BIND and we fill them up. Of
 * what is said to a question of type ANY, only whether it is something (RFC 8482 §4).
 */
final class Verdict {
    private Verdict() {}

    static String of(Optional<byte[]> answer) {
        if (answer.isEmpty()) {
            return "no answer";
        }
        try {
            return of(new Message(answer.get()));
        } catch (IOException e) {
            return answer.get().length == 12 ? header(answer.get()) : "unreadable: " + e;
        }
    }

    /** The same without the additional records of an answer that has others: they are the server's to choose. */
    static String core(Optional<byte[]> answer) {
        String verdict = of(answer);
        String[] parts = verdict.split(" \\| ?", -1);
        return parts.length > 3 && !parts[1].isEmpty() ? verdict.replace(" | " + parts[3], " | ") : verdict;
    }

    private static String header(byte[] bytes) {
        return Rcode.string(bytes[3] & 0xf) + " header only";
    }

    private static String of(Message message) {
        StringBuilder text = new StringBuilder(Rcode.string(message.getRcode()));
        for (int flag : new int[] {Flags.AA, Flags.TC, Flags.RD, Flags.AD, Flags.CD}) {
            text.append(message.getHeader().getFlag(flag) ? " " + Flags.string(flag) : "");
        }
        text.append(" op").append(message.getHeader().getOpcode());
        Record question = message.getQuestion();
        text.append(" [").append(question == null ? "" : question.toString()).append(']');
        boolean any = question != null && question.getType() == Type.ANY;
        for (int section = Section.ANSWER; section <= Section.ADDITIONAL && !isTruncated(message); section++) {
            Set<String> records = records(message, section);
            boolean veiled = any && section == Section.ANSWER && !records.isEmpty();
            text.append(" | ").append(veiled ? "something" : String.join(", ", records));
        }
        OPTRecord opt = message.getOPT();
        text.append(opt == null ? "" : " | EDNS " + opt.getVersion() + " " + (opt.getFlags() & 0x7fff));
        return text.toString();
    }

    private static boolean isTruncated(Message message) {
        return message.getHeader().getFlag(Flags.TC);
    }

    static boolean isTruncated(Optional<byte[]> answer) {
        return answer.isPresent() && answer.get().length > 2 && (answer.get()[2] & 2) != 0;
    }

    /** All records of an answer but OPT. */
    static Set<String> records(Optional<byte[]> answer) {
        try {
            Set<String> records = new TreeSet<>();
            Message message = new Message(answer.orElseThrow());
            for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
                records.addAll(records(message, section));
            }
            return records;
        } catch (IOException e) {
            return Set.of("unreadable: " + e);
        }
    }

    private static Set<String> records(Message message, int section) {
        Set<String> records = new TreeSet<>();
        List<Record> all = message.getSection(section);
        all.stream()
                .filter(record -> !(record instanceof OPTRecord))
                .forEach(record ->
                        records.add(record.toString().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT)));
        return records;
    }
}
