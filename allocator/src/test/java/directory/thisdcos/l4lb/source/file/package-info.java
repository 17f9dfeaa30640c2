/** Tests of the watched folder, on a real file system. */
@NullMarked
package directory.thisdcos.l4lb.source.file;

import org.jspecify.annotations.NullMarked;
