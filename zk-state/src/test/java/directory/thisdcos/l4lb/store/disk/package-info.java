/** Tests of {@code store.disk}. */
@NullMarked
package directory.thisdcos.l4lb.store.disk;

import org.jspecify.annotations.NullMarked;
