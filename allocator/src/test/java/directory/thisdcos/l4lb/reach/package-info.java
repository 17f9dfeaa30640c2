@NullMarked
package directory.thisdcos.l4lb.reach;

import org.jspecify.annotations.NullMarked;
