/**
 * What a node finds out by itself of others: whether its neighbours' machines answer. Knows the model, no kernel and no
 * ZooKeeper.
 */
@NullMarked
package directory.thisdcos.l4lb.probe;

import org.jspecify.annotations.NullMarked;
