/**
 * How fast what Marathon says gets into the table.
 *
 * <pre>
 *   LoadServer (another process) ──HTTP──▶ MarathonSource ──▶ Allocator ──▶ embedded ZooKeeper ──▶ StateFollower
 *        └── when it sent each probe ──────────────── pipe ──────────────────────▶ MarathonBench ◀──┘
 * </pre>
 *
 * The clock is {@code CLOCK_MONOTONIC}, which all processes of a Linux machine share, and ends when another client of
 * ZooKeeper has the change: that is later than the write by one notification and one read.
 */
@NullMarked
package directory.thisdcos.l4lb.bench.marathon;

import org.jspecify.annotations.NullMarked;
