/** Tests of the nftables codec: bytes of the program nft, round trips, and a real kernel. */
@NullMarked
package directory.thisdcos.l4lb.netlink.nftables;

import org.jspecify.annotations.NullMarked;
