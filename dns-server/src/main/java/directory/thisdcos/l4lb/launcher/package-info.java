/**
 * The composition root: reads settings, constructs the parts in the order in which data flows, and stops them in
 * reverse. The only package that sees the allocator, the DNS server and the IPVS sync at once.
 *
 * <pre>
 *   arguments, environment, YAML ──▶ Settings ──▶ Program
 *                                                  ├─ EmbeddedZooKeeper     standalone without --zookeeper
 *                                                  ├─ AllocatorPart         standalone, allocator
 *                                                  ├─ NodePart              standalone, node
 *                                                  └─ AdminServer
 * </pre>
 */
@NullMarked
package directory.thisdcos.l4lb.launcher;

import org.jspecify.annotations.NullMarked;
