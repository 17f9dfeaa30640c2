/** Tests. */
@NullMarked
package directory.thisdcos.l4lb.source;

import org.jspecify.annotations.NullMarked;
