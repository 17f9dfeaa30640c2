package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The records of a reply that answer its question: the chain of aliases from the name asked for, the data at its end, and
 * what proves that there is none. Everything else could be a forger's and is left out; so is every record of a zone that
 * we serve ourselves (RFC 5452 §6, "in bailiwick").
 */
final class Selection {
    /** As BIND, so that what resolves elsewhere resolves here. */
    private static final int MAX_ALIASES = 16;

    private static final int NSEC = Type.NSEC;
    private static final int NSEC3 = 50;

    private final QuestionKey key;
    private final ReplyMessage reply;
    private final Predicate<Name> local;
    private final List<ReplyRecord> answer = new ArrayList<>();
    private final List<ReplyRecord> authority = new ArrayList<>();
    private Name end;
    private boolean hasData;
    private boolean endsLocally;

    private Selection(QuestionKey key, ReplyMessage reply, Predicate<Name> local) {
        this.key = key;
        this.reply = reply;
        this.local = local;
        this.end = key.name();
    }

    static Selection of(QuestionKey key, ReplyMessage reply, Predicate<Name> local) {
        Selection selection = new Selection(key, reply, local);
        selection.follow();
        if (!selection.endsLocally) {
            selection.prove();
        }
        return selection;
    }

    private void follow() {
        Set<Name> seen = new HashSet<>();
        while (seen.add(end) && seen.size() <= MAX_ALIASES + 1) {
            if (takeData()) {
                hasData = true;
                return;
            }
            ReplyRecord alias = alias();
            if (alias == null) {
                return;
            }
            end = alias.target();
            if (local.test(end)) {
                endsLocally = true;
                return;
            }
        }
    }

    private boolean takeData() {
        int type = key.type();
        boolean found = false;
        for (ReplyRecord each : reply.answer()) {
            boolean wanted = each.type() == type
                    || type == Type.ANY
                    || (key.dnssecOk() && each.type() == Type.RRSIG && each.coveredType() == type);
            if (wanted && each.owner().equals(end)) {
                answer.add(each);
                found |= each.type() == type || type == Type.ANY;
            }
        }
        return found;
    }

    private @org.jspecify.annotations.Nullable ReplyRecord alias() {
        ReplyRecord alias = null;
        for (ReplyRecord each : reply.answer()) {
            boolean redirects =
                    each.coveredType() == Type.DNAME && end.isWithin(each.owner()) && !end.equals(each.owner());
            boolean renames = each.coveredType() == Type.CNAME && each.owner().equals(end);
            // A DNAME may redirect several names of a chain.
            boolean told = redirects && answer.contains(each);
            if ((redirects || renames) && !told && (each.type() != Type.RRSIG || key.dnssecOk())) {
                answer.add(each);
            }
            if (each.type() == Type.CNAME && renames) {
                alias = each;
            }
        }
        return alias;
    }

    private void prove() {
        boolean negative = !hasData;
        for (ReplyRecord each : reply.authority()) {
            int type = each.coveredType();
            boolean soa = negative && type == Type.SOA && end.isWithin(each.owner());
            boolean denial = key.dnssecOk() && (type == NSEC || type == NSEC3);
            if ((soa || denial) && (each.type() != Type.RRSIG || key.dnssecOk())) {
                authority.add(each);
            }
        }
    }

    List<ReplyRecord> answer() {
        return answer;
    }

    List<ReplyRecord> authority() {
        return authority;
    }

    /** The name at the end of the chain of aliases. */
    Name end() {
        return end;
    }

    /** Whether there are records of the type asked for. */
    boolean hasData() {
        return hasData;
    }

    /** Whether the chain leads to a name of our own, for which the upstream has no say. */
    boolean endsLocally() {
        return endsLocally;
    }

    /** The upstream's word, except where the end of the chain is ours. */
    int rcode() {
        return endsLocally ? Rcode.NOERROR.value() : reply.rcode();
    }
}
