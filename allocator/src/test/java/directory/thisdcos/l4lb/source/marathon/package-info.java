/** Tests. */
@NullMarked
package directory.thisdcos.l4lb.source.marathon;

import org.jspecify.annotations.NullMarked;
