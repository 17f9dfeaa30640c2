/** Tests of {@code store.embedded}. */
@NullMarked
package directory.thisdcos.l4lb.store.embedded;

import org.jspecify.annotations.NullMarked;
