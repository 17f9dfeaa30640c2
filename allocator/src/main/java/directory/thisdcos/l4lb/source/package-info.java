/**
 * What a source of services says, as immutable values, and what all sources need to say it.
 *
 * <pre>
 *   file, Marathon, Mesos ──reader──▶ DeclarationBuilder ──▶ Declarations ──▶ SourceSnapshot ──▶ sink
 * </pre>
 *
 * A reader never fails as a whole because of one bad field: what it cannot use becomes a problem that names the place
 * and the fix. The sink is the allocator; each snapshot replaces all that its source said before.
 */
@NullMarked
package directory.thisdcos.l4lb.source;

import org.jspecify.annotations.NullMarked;
