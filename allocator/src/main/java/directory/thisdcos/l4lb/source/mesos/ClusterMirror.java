package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.source.HostAddresses;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a master's stream has told: frameworks, agents, and tasks with VIP labels. Each method says what it touched.
 * Records may come in any order: a task before its framework or agent, an update before its task. Times are those of
 * {@link System#nanoTime}. For one thread at a time.
 */
final class ClusterMirror {
    private final Duration agentTimeout;
    private final InstantSource clock;
    private final RecoveredAgents recovered;
    private final EarlyUpdates early = new EarlyUpdates();

    private final Map<String, String> frameworks = new HashMap<>();
    private final Map<String, MesosAgent> agents = new HashMap<>();
    private final Map<MirrorTask.Key, MirrorTask> tasks = new HashMap<>();
    private final Map<String, Set<MirrorTask.Key>> byAgent = new HashMap<>();
    private final Map<String, Set<MirrorTask.Key>> byFramework = new HashMap<>();

    /** Agents that the master removed, and when they and their tasks are forgotten. */
    private final Map<String, Long> lost = new HashMap<>();

    ClusterMirror(MesosSettings settings, InstantSource clock) {
        this.agentTimeout = settings.agentTimeout();
        this.clock = clock;
        this.recovered = new RecoveredAgents(settings.agentTimeout(), settings.taskSettle());
    }

    Optional<MirrorTask> task(MirrorTask.Key key) {
        return Optional.ofNullable(tasks.get(key));
    }

    Collection<MirrorTask> tasks() {
        return tasks.values();
    }

    Optional<MesosAgent> agent(String id) {
        return Optional.ofNullable(agents.get(id));
    }

    Collection<MesosAgent> agents() {
        return agents.values();
    }

    Optional<String> framework(String id) {
        return Optional.ofNullable(frameworks.get(id)).filter(name -> !name.isEmpty());
    }

    /** Whether the master cannot reach the agent. */
    boolean isLost(String agent) {
        return lost.containsKey(agent);
    }

    /** Whether no agent is waited for: what is not here does not exist. */
    boolean isSettled() {
        return recovered.isOver();
    }

    int awaitedAgents() {
        return recovered.awaited();
    }

    /** The equal task that is here already, so that a new state does not need its memory twice. */
    MirrorTask canonical(MirrorTask task) {
        MirrorTask known = tasks.get(task.key());
        return known != null && known.equals(task) ? known : task;
    }

    /** Takes a whole state; what was known stays only where the state cannot tell. */
    void subscribed(ClusterState state, long now) {
        Map<String, Set<MirrorTask.Key>> kept = new HashMap<>();
        for (String agent : state.recoveredAgents.keySet()) {
            Set<MirrorTask.Key> known = new HashSet<>(byAgent.getOrDefault(agent, Set.of()));
            known.removeIf(key -> state.tasks.containsKey(key) || state.unreachable.containsKey(key));
            known.forEach(key -> task(key).ifPresent(task -> state.tasks.put(key, task)));
            kept.put(agent, known);
        }
        dropOld(state);
        if (!state.recoveredAgents.isEmpty()) {
            frameworks.keySet().removeAll(state.frameworks.keySet());
            state.frameworks.putAll(frameworks);
        }
        state.recoveredAgents.forEach((id, agent) -> state.agents.putIfAbsent(id, agents.getOrDefault(id, agent)));
        Map<String, MesosAgent> before = new HashMap<>(agents);
        clear();
        frameworks.putAll(state.frameworks);
        agents.putAll(state.agents);
        state.tasks.values().forEach(this::put);
        for (MirrorTask task : state.unreachable.values()) {
            put(task);
            String agent = task.agentId();
            if (!state.agents.containsKey(agent)) {
                lost.put(agent, now + agentTimeout.toNanos());
                MesosAgent known = before.get(agent);
                if (known != null) {
                    agents.put(agent, known);
                }
            }
        }
        recovered.begin(state.recoveredAgents.keySet(), kept, now);
    }

    /** A master lists unreachable tasks for weeks; only those that may come back soon keep their names. */
    private void dropOld(ClusterState state) {
        double oldest = (clock.millis() - agentTimeout.toMillis()) / 1000.0;
        state.unreachable
                .values()
                .removeIf(task ->
                        task.status().isPresent() && task.status().get().time().orElse(oldest) < oldest);
    }

    private void clear() {
        frameworks.clear();
        agents.clear();
        tasks.clear();
        byAgent.clear();
        byFramework.clear();
        lost.clear();
        early.clear();
    }

    Touched apply(MasterEvent event, long now) {
        if (event instanceof MasterEvent.TaskAdded added) {
            return added.task().map(this::add).orElseGet(Touched::nothing);
        } else if (event instanceof MasterEvent.TaskUpdated updated) {
            return update(updated);
        } else if (event instanceof MasterEvent.AgentAdded added) {
            agents.put(added.agent().id(), added.agent());
            lost.remove(added.agent().id());
            recovered.returned(added.agent().id(), now);
            return touchAgent(added.agent().id());
        } else if (event instanceof MasterEvent.AgentRemoved removed) {
            recovered.removed(removed.id());
            return lose(removed.id(), now);
        } else if (event instanceof MasterEvent.FrameworkKnown known) {
            String before = frameworks.put(known.id(), known.name());
            return known.name().equals(before)
                    ? Touched.nothing()
                    : Touched.nothing().allTasks(byFramework.getOrDefault(known.id(), Set.of()));
        } else if (event instanceof MasterEvent.FrameworkRemoved removed) {
            frameworks.remove(removed.id());
            return remove(List.copyOf(byFramework.getOrDefault(removed.id(), Set.of())));
        }
        return Touched.nothing();
    }

    private Touched add(MirrorTask task) {
        recovered.confirmed(task);
        MirrorTask known = tasks.get(task.key());
        MirrorTask merged = known == null ? task : task.after(known);
        Optional<MasterEvent.TaskUpdated> update = early.take(task.key());
        if (update.isPresent()) {
            merged = merged.updated(update.get().state(), update.get().status());
        }
        return store(merged);
    }

    private Touched update(MasterEvent.TaskUpdated update) {
        MirrorTask known = tasks.get(update.key());
        if (known == null) {
            early.add(update);
            return Touched.nothing();
        }
        MirrorTask after = known.updated(update.state(), update.status());
        if (after.isTerminal()) {
            early.addEnd(update);
        }
        return after.equals(known) ? Touched.nothing() : store(after);
    }

    private Touched store(MirrorTask task) {
        if (task.isTerminal()) {
            return remove(List.of(task.key()));
        }
        put(task);
        return Touched.nothing().task(task.key());
    }

    private void put(MirrorTask task) {
        MirrorTask before = tasks.put(task.key(), task);
        if (before != null && !before.agentId().equals(task.agentId())) {
            unlink(byAgent, before.agentId(), task.key());
        }
        byAgent.computeIfAbsent(task.agentId(), agent -> new HashSet<>()).add(task.key());
        byFramework
                .computeIfAbsent(task.key().frameworkId(), framework -> new HashSet<>())
                .add(task.key());
    }

    private Touched remove(List<MirrorTask.Key> keys) {
        Touched touched = Touched.nothing();
        for (MirrorTask.Key key : keys) {
            MirrorTask task = tasks.remove(key);
            if (task != null) {
                recovered.confirmed(task);
                unlink(byAgent, task.agentId(), key);
                unlink(byFramework, key.frameworkId(), key);
                touched.task(key);
            }
        }
        return touched;
    }

    private static void unlink(Map<String, Set<MirrorTask.Key>> index, String id, MirrorTask.Key key) {
        index.computeIfPresent(id, (same, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
        });
    }

    private Touched touchAgent(String id) {
        return Touched.nothing().agent(id).allTasks(byAgent.getOrDefault(id, Set.of()));
    }

    private Touched lose(String agent, long now) {
        if (agents.containsKey(agent) || byAgent.containsKey(agent)) {
            lost.putIfAbsent(agent, now + agentTimeout.toNanos());
        }
        return touchAgent(agent);
    }

    /** Does what is due by now: gives up agents, and forgets what was lost long ago. */
    Touched tick(long now) {
        Touched touched = Touched.nothing();
        for (String agent : recovered.givenUp(now)) {
            touched.addAll(lose(agent, now));
        }
        touched.addAll(remove(recovered.unmentioned(now)));
        List<String> forgotten = lost.entrySet().stream()
                .filter(entry -> now - entry.getValue() >= 0)
                .map(Map.Entry::getKey)
                .toList();
        for (String agent : forgotten) {
            touched.addAll(remove(List.copyOf(byAgent.getOrDefault(agent, Set.of()))));
            lost.remove(agent);
            agents.remove(agent);
            touched.agent(agent);
        }
        return touched;
    }

    /** A host name has an address now, or another one. */
    Touched resolved(String host) {
        Touched touched = Touched.nothing();
        agents.values().stream()
                .filter(agent -> agent.ip().isEmpty() && agent.host().equals(host))
                .forEach(agent -> touched.addAll(touchAgent(agent.id())));
        return touched;
    }

    /** Whether every host name that some task needs was asked for. */
    boolean namesAreSettled(HostAddresses hosts) {
        return agents.values().stream()
                .allMatch(agent ->
                        agent.ip().isPresent() || !byAgent.containsKey(agent.id()) || hosts.isSettled(agent.host()));
    }
}
