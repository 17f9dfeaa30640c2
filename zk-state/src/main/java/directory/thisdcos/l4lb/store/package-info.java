/**
 * The table in ZooKeeper: a fenced log of batches with snapshots, written by one leader and followed by every node.
 *
 * <pre>
 *   root/meta               format, cluster id                       written once
 *   root/head               newest batch; its version fences writers; the only watched znode
 *   root/journal/0000…      ring of recent batches, slot = seq mod slots
 *   root/snapshot           {"seq": S}: every shard contains everything up to S
 *   root/snapshot/00…ff     shards of the state
 *   root/leader             who tries to write (LeaderLatch)
 *
 *   StateJournal.append ──multi(head, slot)──▶ ZooKeeper ──watch──▶ StateFollower ──▶ listeners
 * </pre>
 */
@NullMarked
package directory.thisdcos.l4lb.store;

import org.jspecify.annotations.NullMarked;
