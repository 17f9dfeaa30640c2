/** Tests of {@code store}. */
@NullMarked
package directory.thisdcos.l4lb.store;

import org.jspecify.annotations.NullMarked;
