/**
 * Passes queries outside our zones on to upstream resolvers.
 *
 * <pre>
 *   DeferredQuery ─▶ Forwarder ─▶ Exchange ── UDP, then TCP, then the next upstream ──▶ reply, checked
 *                                     └─▶ ClientReply: id, case, flags, size and EDNS as this client needs them
 * </pre>
 *
 * An answer, or SERVFAIL with the reason, comes within three seconds: stub resolvers give up after five. A reply is
 * believed only if it comes from the upstream's address and port to the socket of this one query, and repeats its random
 * id and its question (RFC 5452 §9.1).
 */
@NullMarked
package directory.thisdcos.l4lb.dns.forward;

import org.jspecify.annotations.NullMarked;
