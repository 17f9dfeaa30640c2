/** Tests. */
@NullMarked
package directory.thisdcos.l4lb.source.file;

import org.jspecify.annotations.NullMarked;
