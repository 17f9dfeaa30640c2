package directory.thisdcos.l4lb.source;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One step of what a source says. A source divides what it knows into units, each of which it can replace without
 * knowing the others: a file, an app with its tasks, a Mesos task, an agent.
 *
 * @param source the source's id
 * @param whole whether {@code units} are all that exist: every other unit is gone. False for a mere change
 * @param complete whether the source has now seen everything at least once since it started; until then, what it does
 *     not mention may still exist
 * @param units the new content of units, by an id that is unique within the source and stable in time
 * @param gone ids of units that do not exist any more; empty if {@code whole}
 * @param receivedNanos when the oldest news in it reached this process, on {@link System#nanoTime}'s clock
 */
public record SourceUpdate(
        String source,
        boolean whole,
        boolean complete,
        Map<String, Declarations> units,
        Set<String> gone,
        long receivedNanos) {

    public SourceUpdate {
        units = Collections.unmodifiableMap(new LinkedHashMap<>(units));
        gone = Collections.unmodifiableSet(new LinkedHashSet<>(gone));
        if (whole && !gone.isEmpty()) {
            throw new IllegalArgumentException("a whole update names no units that are gone");
        }
        if (gone.stream().anyMatch(units::containsKey)) {
            throw new IllegalArgumentException("a unit is both there and gone");
        }
    }

    /** Everything that the source knows. */
    public static SourceUpdate whole(
            String source, boolean complete, Map<String, Declarations> units, long receivedNanos) {
        return new SourceUpdate(source, true, complete, units, Set.of(), receivedNanos);
    }

    /** Some units of a source that is complete. */
    public static SourceUpdate change(
            String source, Map<String, Declarations> units, Set<String> gone, long receivedNanos) {
        return new SourceUpdate(source, false, true, units, gone, receivedNanos);
    }
}
