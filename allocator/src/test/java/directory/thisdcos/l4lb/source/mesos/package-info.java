/** Tests. */
@NullMarked
package directory.thisdcos.l4lb.source.mesos;

import org.jspecify.annotations.NullMarked;
