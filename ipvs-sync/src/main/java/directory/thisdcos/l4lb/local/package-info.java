/**
 * What this node makes of a service's backends by itself, between the agreed table and its own kernel: checks, slow
 * start, nearness. Nothing of it is written anywhere; other nodes may come to other weights.
 */
@NullMarked
package directory.thisdcos.l4lb.local;

import org.jspecify.annotations.NullMarked;
