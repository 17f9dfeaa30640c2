/**
 * What became of each name: when, by whom, and why. Each process writes down, in its own data folder, what the table that
 * it follows goes through; so nothing of it takes the writer's time, and every process answers for itself.
 *
 * <pre>
 *   StateFollower ──TableStep──▶ TableHistory ──▶ Differences ──TableChange──▶ ChangeFiles
 *                                     └──▶ admin API: /v1/changes, /v1/events
 * </pre>
 */
@NullMarked
package directory.thisdcos.l4lb.history;

import org.jspecify.annotations.NullMarked;
