/** Tests of {@code store.codec}. */
@NullMarked
package directory.thisdcos.l4lb.store.codec;

import org.jspecify.annotations.NullMarked;
