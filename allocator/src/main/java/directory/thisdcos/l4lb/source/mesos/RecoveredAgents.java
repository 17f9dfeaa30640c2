package directory.thisdcos.l4lb.source.mesos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * After a change of master: agents that have not come back yet. A new leader knows them from its registry, but not their
 * tasks, so what was known of those stays until the agent came back and told its tasks, or the time is over. Times are
 * those of {@link System#nanoTime}. For one thread at a time.
 */
final class RecoveredAgents {
    private final long returnNanos;
    private final long settleNanos;

    private final Set<String> awaited = new HashSet<>();
    private long awaitedUntil;
    private final Map<String, Long> settling = new HashMap<>();
    private final Map<String, Set<MirrorTask.Key>> unconfirmed = new HashMap<>();

    /**
     * @param returnWithin how long agents have to come back: the master's {@code --agent_reregister_timeout}
     * @param settleWithin how long after its return the last task of an agent may be told
     */
    RecoveredAgents(Duration returnWithin, Duration settleWithin) {
        this.returnNanos = returnWithin.toNanos();
        this.settleNanos = settleWithin.toNanos();
    }

    /**
     * Begins anew.
     *
     * @param agents which have not come back
     * @param kept tasks that the new leader did not mention, by agent
     */
    void begin(Collection<String> agents, Map<String, Set<MirrorTask.Key>> kept, long now) {
        awaited.clear();
        awaited.addAll(agents);
        awaitedUntil = now + returnNanos;
        settling.clear();
        unconfirmed.clear();
        unconfirmed.putAll(kept);
    }

    boolean isAwaited(String agent) {
        return awaited.contains(agent);
    }

    /** Whether every agent came back and told its tasks, or is given up. */
    boolean isOver() {
        return awaited.isEmpty() && settling.isEmpty();
    }

    int awaited() {
        return awaited.size();
    }

    void returned(String agent, long now) {
        if (awaited.remove(agent)) {
            settling.put(agent, now + settleNanos);
        }
    }

    void confirmed(MirrorTask task) {
        Set<MirrorTask.Key> open = unconfirmed.get(task.agentId());
        if (open != null) {
            open.remove(task.key());
        }
    }

    void removed(String agent) {
        awaited.remove(agent);
        settling.remove(agent);
        unconfirmed.remove(agent);
    }

    /** Agents that did not come back in time; each is given once. */
    List<String> givenUp(long now) {
        if (awaited.isEmpty() || now - awaitedUntil < 0) {
            return List.of();
        }
        List<String> agents = List.copyOf(awaited);
        agents.forEach(this::removed);
        return agents;
    }

    /** Tasks that an agent did not mention after its return; each is given once. */
    List<MirrorTask.Key> unmentioned(long now) {
        List<String> settled = settling.entrySet().stream()
                .filter(entry -> now - entry.getValue() >= 0)
                .map(Map.Entry::getKey)
                .toList();
        List<MirrorTask.Key> tasks = new ArrayList<>();
        for (String agent : settled) {
            tasks.addAll(unconfirmed.getOrDefault(agent, Set.of()));
            removed(agent);
        }
        return tasks;
    }
}
