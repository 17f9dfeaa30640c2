/**
 * Netlink (RFC 3549) without helper programs: sockets through the C library, messages, attributes, generic netlink
 * families, and the few rtnetlink messages that we need. Knows nothing of IPVS or of virtual services.
 *
 * <pre>
 *   MessageBuffer ──▶ NetlinkSocket.execute   many requests, one system call per batch, an errno each
 *                 ──▶ NetlinkSocket.transaction   all requests or none, for nfnetlink
 *                 ──▶ NetlinkSocket.dump      one question, many answers ──▶ Attributes
 * </pre>
 *
 * A socket belongs to one thread at a time. Every wait has a limit.
 */
@NullMarked
package directory.thisdcos.l4lb.netlink;

import org.jspecify.annotations.NullMarked;
