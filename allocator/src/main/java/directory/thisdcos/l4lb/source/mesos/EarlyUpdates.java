package directory.thisdcos.l4lb.source.mesos;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Updates of tasks that are not known, the latest of each: a task's record may come after its update, and after its end.
 * Most are of tasks without a VIP label, so only so many are kept. For one thread at a time.
 */
final class EarlyUpdates {
    private static final int MAX = 10_000;

    /** Ends that a task never comes back from; one that was lost may be found again. */
    private static final Set<String> FINAL = Set.of("TASK_FINISHED", "TASK_FAILED", "TASK_KILLED", "TASK_ERROR");

    private final LinkedHashMap<MirrorTask.Key, MasterEvent.TaskUpdated> updates = new LinkedHashMap<>();

    void add(MasterEvent.TaskUpdated update) {
        MasterEvent.TaskUpdated known = updates.remove(update.key());
        boolean isOutdated = known != null
                && (FINAL.contains(known.state())
                        || (known.status().isPresent()
                                && update.status().isPresent()
                                && update.status().get().isBefore(known.status().get())));
        updates.put(update.key(), isOutdated ? known : update);
        if (updates.size() > MAX) {
            Map.Entry<MirrorTask.Key, MasterEvent.TaskUpdated> eldest =
                    updates.entrySet().iterator().next();
            updates.remove(eldest.getKey());
        }
    }

    /** Remembers an end, so that a record that comes late does not bring the task back. */
    void addEnd(MasterEvent.TaskUpdated update) {
        if (FINAL.contains(update.state())) {
            add(update);
        }
    }

    /** What to do to a task's record that has just come; an end stays remembered. */
    Optional<MasterEvent.TaskUpdated> take(MirrorTask.Key key) {
        MasterEvent.TaskUpdated update = updates.get(key);
        if (update == null) {
            return Optional.empty();
        }
        if (!FINAL.contains(update.state())) {
            updates.remove(key);
        }
        return Optional.of(update);
    }

    void clear() {
        updates.clear();
    }
}
