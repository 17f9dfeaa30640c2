@NullMarked
package directory.thisdcos.l4lb.source.marathon.live;

import org.jspecify.annotations.NullMarked;
