/**
 * The model: what the cluster agrees on, as immutable values without I/O.
 *
 * <pre>
 *   label text ──VipValue.parse──▶ Target + port ──▶ ServiceKey
 *   Change* ──Batch──▶ State.apply ──▶ State         (one pure fold for writer, follower, file and test)
 *
 *   State
 *    └─ Vip                one per Target (a ServiceName or a FixedAddress)
 *        ├─ Allocation     the addresses of a name; a fixed address has none
 *        └─ VirtualService one per protocol and port
 *            └─ Backend    one per address and port
 * </pre>
 *
 * Everybody reads these types; nobody changes one: a new state is made by {@code State.apply}.
 */
@NullMarked
package directory.thisdcos.l4lb.model;

import org.jspecify.annotations.NullMarked;
