/** ZooKeeper within this program, for clusters that have none: one server, persistent, on loopback. */
@NullMarked
package directory.thisdcos.l4lb.store.embedded;

import org.jspecify.annotations.NullMarked;
