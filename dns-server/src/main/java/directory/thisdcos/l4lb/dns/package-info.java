/**
 * The DNS server. {@link directory.thisdcos.l4lb.dns.DnsServer} is all that the rest of the program sees.
 *
 * <pre>
 *   publish(State, withheld) ─▶ zone: Catalog ◀── *.zone files
 *                                     │ one volatile read per query
 *   sockets ─ server ─▶ answer ───────┘
 *                         └── names outside our zones ─▶ forward ─▶ upstreams
 * </pre>
 */
@NullMarked
package directory.thisdcos.l4lb.dns;

import org.jspecify.annotations.NullMarked;
