@NullMarked
package directory.thisdcos.l4lb.probe;

import org.jspecify.annotations.NullMarked;
