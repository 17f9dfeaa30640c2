package directory.thisdcos.l4lb.reach;

import java.util.Optional;
import java.util.SortedSet;

/**
 * What is held of one node.
 *
 * @param id its name
 * @param state what counts
 * @param witnesses the nodes that say that they cannot reach it, as far as they count
 * @param endedMillis when its session ended, in milliseconds since the epoch; empty while it is there
 */
public record NodeReach(String id, State state, SortedSet<String> witnesses, Optional<Long> endedMillis) {

    /** Whether a node's machine is there. */
    public enum State {
        /** No witness speaks against it. */
        REACHABLE,
        /** Some do, but too few. */
        SUSPECTED,
        /** Enough do: its backends get no connections. */
        UNREACHABLE,
        /** Enough do, but of too many nodes: its backends stay. */
        KEPT
    }

    /** Who speaks against it, in one sentence's words. */
    public String evidence() {
        String ended = endedMillis.isPresent() ? "its session ended" : "";
        String said = witnesses.isEmpty() ? "" : "cannot be reached by " + String.join(", ", witnesses);
        return ended.isEmpty() || said.isEmpty() ? ended + said : ended + ", and it " + said;
    }
}
