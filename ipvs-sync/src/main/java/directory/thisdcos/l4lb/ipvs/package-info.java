/**
 * Brings this host's kernel to the state: IPVS services and destinations, and what makes the virtual addresses usable
 * around them. Called by the composition root through {@link directory.thisdcos.l4lb.ipvs.IpvsSync}.
 *
 * <pre>
 *   State ──DesiredTable──▶ desired ─┐
 *                                    ├─TableDiff─▶ IpvsOp… ──▶ IpvsTable (netlink)
 *   kernel ───IpvsTable.read──▶ mirror ┘                        │ refused: read that service again, plan again
 *                                    ▲                          │
 *                                    └──────── done ◀───────────┘
 *   beside it (DataPath): sysctls, leak guard, idle services and masquerade (nftables), local routes (rtnetlink)
 * </pre>
 *
 * Ours are the pools, the claimed addresses and what {@link directory.thisdcos.l4lb.ipvs.OwnershipJournal} remembers;
 * everything else in the kernel is foreign and never touched. One writer: all changes go through {@code Engine}, under
 * one lock, one engine per network namespace. An audit compares with the kernel and repairs.
 *
 * <p>Order: guard, then services, then routes of addresses; a service without servers is refused by nftables, from after
 * its last one went until before its first one comes; the caller publishes names only after that. Away in the
 * opposite order.
 */
@NullMarked
package directory.thisdcos.l4lb.ipvs;

import org.jspecify.annotations.NullMarked;
