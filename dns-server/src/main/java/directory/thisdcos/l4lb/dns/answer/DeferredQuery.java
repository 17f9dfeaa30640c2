package directory.thisdcos.l4lb.dns.answer;

/**
 * A query that a resolver must answer, with all that its client's response needs. The arrays are not to be changed.
 *
 * @param id the client's transaction
 * @param flags the client's RD, AD and CD
 * @param question the question section, in the client's case
 * @param opt the OPT record that the response will carry, empty if the client sent none
 * @param dnssecOk whether the client set DO
 * @param sizeLimit octets that the client can take
 */
// Made and read on the way of one query; compared by nobody.
@SuppressWarnings("ArrayRecordComponent")
public record DeferredQuery(
        int id, int flags, byte[] question, byte[] opt, boolean dnssecOk, int sizeLimit, Transport transport) {}
