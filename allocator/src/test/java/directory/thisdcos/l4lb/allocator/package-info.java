/** Tests. */
@NullMarked
package directory.thisdcos.l4lb.allocator;

import org.jspecify.annotations.NullMarked;
