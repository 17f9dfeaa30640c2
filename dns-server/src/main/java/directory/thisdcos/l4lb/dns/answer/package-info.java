/**
 * The engine: request bytes in, response bytes out, without any transport. A transport makes one {@link
 * directory.thisdcos.l4lb.dns.answer.Answerer} per thread.
 *
 * <pre>
 *   bytes ─▶ Answerer ── class, opcode, EDNS ──▶ Lookup (RFC 1034 §4.3.2 over the Catalog) ─▶ bytes
 *               └── no zone of ours, client may recurse ──▶ Answerer.DEFERRED, {@code deferred()} ─▶ forwarder
 * </pre>
 */
@NullMarked
package directory.thisdcos.l4lb.dns.answer;

import org.jspecify.annotations.NullMarked;
