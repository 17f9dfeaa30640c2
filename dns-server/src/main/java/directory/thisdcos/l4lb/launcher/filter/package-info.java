/**
 * The packet filter's rules that others made on this machine, as far as they may keep packets from IPVS; read for
 * {@code l4lb doctor}, changes nothing.
 *
 * <pre>
 *   nft -j list ruleset ──NftRules──▶ ┐
 *                                     ├─▶ FilterChain… ──RuleWalk──▶ Hit…
 *   iptables-save ──IptablesRules──▶  ┘
 * </pre>
 */
@NullMarked
package directory.thisdcos.l4lb.launcher.filter;

import org.jspecify.annotations.NullMarked;
