package directory.thisdcos.l4lb.history;

import java.time.Instant;

/**
 * One change of one target.
 *
 * @param id grows by one with each change that this process writes down
 * @param at when it was committed, by ZooKeeper's clock
 * @param table the number of the table that has it
 * @param target the name without the final dot, or the fixed address; empty for what concerns the history itself
 * @param text such as {@code allocated 11.0.0.1}
 * @param who the operator, or else the sources that said so; empty if neither is known
 * @param why what was ordered, or who declares it now; may be empty
 */
public record TableChange(long id, Instant at, long table, String target, String text, String who, String why) {}
