/**
 * The one writer of the table: from what sources say to changes in the journal.
 *
 * <pre>
 *   SourceSnapshot* ──offer──▶ Inventory ─┐
 *                              State ─────┴─Planner─▶ Plan(changes, problems)
 *                                ▲                        │          └──▶ ProblemBoard
 *                                └────── StateJournal ◀───┘
 * </pre>
 *
 * The planner is pure and level-triggered: it compares what should be with what is, so a lost step heals by itself.
 */
@NullMarked
package directory.thisdcos.l4lb.allocator;

import org.jspecify.annotations.NullMarked;
