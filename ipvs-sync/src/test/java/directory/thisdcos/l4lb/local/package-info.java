@NullMarked
package directory.thisdcos.l4lb.local;

import org.jspecify.annotations.NullMarked;
