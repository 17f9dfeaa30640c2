/** The table in files of this machine: a node serves it before it has seen ZooKeeper, and when it never does. */
@NullMarked
package directory.thisdcos.l4lb.store.disk;

import org.jspecify.annotations.NullMarked;
