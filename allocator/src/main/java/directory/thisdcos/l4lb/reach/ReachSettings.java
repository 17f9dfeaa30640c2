package directory.thisdcos.l4lb.reach;

import java.time.Duration;

/**
 * When a machine counts as gone.
 *
 * @param witnesses how many must say so; 0 for never. Each neighbour that cannot reach it is one, and so is its own
 *     session once it has ended
 * @param grace how long a session must have ended to count as a witness: a program that restarts is back by then
 * @param alone how long a session must have ended to be enough by itself; zero for never, because the program's end is
 *     not its machine's
 * @param hold how long there must have been too few witnesses before it counts as back
 * @param maxPercent when more than this share of all nodes would be gone, none is: the evidence is more likely wrong
 */
public record ReachSettings(int witnesses, Duration grace, Duration alone, Duration hold, int maxPercent) {

    public static final ReachSettings DEFAULT =
            new ReachSettings(2, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(5), 50);

    public static final ReachSettings OFF =
            new ReachSettings(0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(5), 50);

    public ReachSettings {
        if (witnesses < 0 || witnesses == 1) {
            throw new IllegalArgumentException("witnesses must be 0 (nobody is judged) or at least 2, not " + witnesses
                    + ": one alone may be wrong");
        }
        if (grace.isNegative() || alone.isNegative() || hold.isNegative()) {
            throw new IllegalArgumentException("a time must not be negative");
        }
        if (maxPercent < 0 || maxPercent > 100) {
            throw new IllegalArgumentException("the greatest share must be within 0-100 %, not " + maxPercent);
        }
    }

    boolean isOn() {
        return witnesses > 0;
    }
}
