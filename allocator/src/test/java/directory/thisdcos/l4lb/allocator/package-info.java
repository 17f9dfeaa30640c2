/** Tests of allocation and of the writing thread; no ZooKeeper, a journal in memory. */
@NullMarked
package directory.thisdcos.l4lb.allocator;

import org.jspecify.annotations.NullMarked;
