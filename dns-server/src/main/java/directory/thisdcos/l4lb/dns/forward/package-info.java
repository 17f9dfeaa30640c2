/**
 * Answers what is outside our zones with the help of upstream resolvers.
 *
 * <pre>
 *   DeferredQuery ─▶ Forwarder ─▶ Flights: those who ask the same wait for one exchange
 *                                    └─▶ Exchange ── Attempt, Attempt … ──▶ Resolver, Resolver … (of the longest Route)
 *                    packet ─▶ Verdict ◀─ Selection ◀─ ReplyMessage: what is believed of it
 *                                └─▶ Answer ─▶ ClientReply: id, case, flags, size and EDNS as each client needs them
 *                    Prober: finds out who is well again, and who sends queries back to us
 * </pre>
 *
 * An answer, or SERVFAIL with the reason, comes within three seconds: stub resolvers give up after five. A reply is
 * believed only if it comes from the upstream's address and port to the socket of this one query, and repeats its random
 * id and its question with its random case (RFC 5452 §9.1); of a reply only the records that answer the question are.
 */
@NullMarked
package directory.thisdcos.l4lb.dns.forward;

import org.jspecify.annotations.NullMarked;
