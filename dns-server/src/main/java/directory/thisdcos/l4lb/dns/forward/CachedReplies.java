package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.answer.KnownAnswers;
import directory.thisdcos.l4lb.dns.wire.Query;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.function.Consumer;

/**
 * Answers from the cache on the thread that read the query, so that a hit costs a look-up and a copy. Fresh and whole
 * answers only; all else takes the way through {@link Forwarder#forward}. For one thread.
 */
final class CachedReplies implements KnownAnswers {
    private final AnswerCache cache;
    private final Consumer<QuestionKey> renew;
    private final QuestionKey probe = QuestionKey.probe();

    CachedReplies(AnswerCache cache, Consumer<QuestionKey> renew) {
        this.cache = cache;
        this.renew = renew;
    }

    @Override
    public int answer(Query query, byte[] opt, int optSize, int limit, byte[] out) {
        probe.set(query.name(), query.type(), query.dnssecOk(), query.isSet(Wire.CD));
        long now = cache.now();
        CacheEntry entry = cache.find(probe, now);
        if (entry == null) {
            return UNKNOWN;
        }
        Answer answer = entry.answer();
        if (!entry.isFresh(now) || answer.continuesAt().isPresent()) {
            return UNKNOWN;
        }
        cache.metrics().hit();
        if (entry.isDueWhenUsed(now)) {
            renew.accept(probe.withType(query.type()));
        }
        int questionEnd = query.copyQuestion(out);
        return ReplyWriter.write(
                answer,
                out,
                questionEnd,
                query.id(),
                query.flags(),
                query.dnssecOk() || query.isSet(Wire.AD),
                opt,
                optSize,
                answer.extendedError(),
                limit,
                entry.ageSeconds(now),
                -1);
    }
}
