/**
 * Host names of agents and schedulers, resolved past this program's own DNS server and without making anyone wait.
 *
 * <pre>
 *   /etc/hosts, resolv.conf ──NameServers──▶ DnsLookup ──HostRefresher──▶ HostAddresses ──▶ sources
 * </pre>
 *
 * The program's own server may stand first in {@code /etc/resolv.conf}. A source that asked it would depend on what the
 * source itself has to say, so its addresses are left out.
 */
@NullMarked
package directory.thisdcos.l4lb.source.host;

import org.jspecify.annotations.NullMarked;
