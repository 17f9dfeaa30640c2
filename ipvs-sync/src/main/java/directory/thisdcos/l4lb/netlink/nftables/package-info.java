/**
 * nftables over netlink (include/uapi/linux/netfilter/nf_tables.h), as far as one table of family inet needs it: sets of
 * addresses, base chains, rules. Reading and writing meet in one model, so that what the kernel has can be compared with
 * what it should have, whoever wrote it.
 *
 * <pre>
 *   Table ──TableMessages──▶ NftablesSocket ──▶ kernel    one transaction: all or nothing
 *   Table ◀──TableReader──── NftablesSocket ◀── kernel    dumps; the generation tells whether anything changed
 * </pre>
 *
 * <p>All integers are in network order, unlike in the rest of netlink.
 */
@NullMarked
package directory.thisdcos.l4lb.netlink.nftables;

import org.jspecify.annotations.NullMarked;
