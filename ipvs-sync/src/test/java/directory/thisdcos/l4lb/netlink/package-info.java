/** Tests of the netlink codec: golden bytes, and round trips of seeded random values. */
@NullMarked
package directory.thisdcos.l4lb.netlink;

import org.jspecify.annotations.NullMarked;
