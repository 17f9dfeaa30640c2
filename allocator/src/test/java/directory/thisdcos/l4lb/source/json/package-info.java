/** Tests of reading JSON that people wrote. */
@NullMarked
package directory.thisdcos.l4lb.source.json;

import org.jspecify.annotations.NullMarked;
