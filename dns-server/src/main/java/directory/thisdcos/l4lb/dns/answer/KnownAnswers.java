package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.Query;

/** What is already known of names outside our zones. For one thread. */
public interface KnownAnswers {

    /** There is no answer at hand. */
    int UNKNOWN = 0;

    /** Knows nothing. */
    KnownAnswers NONE = (query, opt, optSize, limit, out) -> UNKNOWN;

    /**
     * Writes the whole response to {@code out}.
     *
     * @param opt the response's OPT record, of which {@code optSize} octets count; 0 if it has none
     * @param limit octets that the client can take; {@code out} is larger
     * @return the size of the response, or {@link #UNKNOWN}
     */
    int answer(Query query, byte[] opt, int optSize, int limit, byte[] out);
}
