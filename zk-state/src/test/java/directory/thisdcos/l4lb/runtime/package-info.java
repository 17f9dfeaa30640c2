/** Tests of problems and clocks. */
@NullMarked
package directory.thisdcos.l4lb.runtime;

import org.jspecify.annotations.NullMarked;
