/**
 * The machine's {@code resolv.conf}: reads which resolvers it used before us, and puts us in.
 *
 * <pre>
 *   /etc/resolv.conf, or what was there before us ─▶ ResolvConf ─▶ SystemResolvers ─▶ upstreams, followed while they change
 *   l4lb resolv-conf ─▶ Installer ─▶ /etc/resolv.conf, the one before beside it, a drop-in for systemd-resolved
 * </pre>
 */
@NullMarked
package directory.thisdcos.l4lb.dns.resolvconf;

import org.jspecify.annotations.NullMarked;
