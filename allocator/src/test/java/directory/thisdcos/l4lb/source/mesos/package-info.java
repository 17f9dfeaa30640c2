/** Tests of Mesos operator-API answers. */
@NullMarked
package directory.thisdcos.l4lb.source.mesos;

import org.jspecify.annotations.NullMarked;
