package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.source.json.Faults;
import directory.thisdcos.l4lb.source.json.Json;
import directory.thisdcos.l4lb.source.json.JsonCursor;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Reads a {@code get_state} of any size with little memory. A master lists {@code tasks}, an agent
 * {@code launched_tasks}; executors and what is over are skipped.
 */
final class StateReader {
    static final Set<String> FRAMEWORK_FIELDS = Set.of("framework", "framework_info", "id", "name", "value");

    private final UnaryOperator<MirrorTask> canonical;
    private final Faults faults;

    /** @param canonical gives an equal task that exists already, so that two states in memory share it */
    StateReader(UnaryOperator<MirrorTask> canonical, Faults faults) {
        this.canonical = canonical;
        this.faults = faults;
    }

    /** Reads the value at {@code cursor}. */
    ClusterState read(JsonCursor cursor) throws IOException {
        ClusterState state = new ClusterState();
        cursor.fields((part, value) -> value.fields((list, items) -> {
            switch (part + "." + list) {
                case "get_frameworks.frameworks" -> items.items((none, item) -> framework(item, state));
                case "get_agents.agents" ->
                    items.items((none, item) -> agent(item).ifPresent(agent -> state.agents.put(agent.id(), agent)));
                case "get_agents.recovered_agents" ->
                    items.items((none, item) ->
                            agent(item).ifPresent(agent -> state.recoveredAgents.put(agent.id(), agent)));
                case "get_tasks.tasks", "get_tasks.launched_tasks", "get_tasks.orphan_tasks" ->
                    items.items((none, item) -> task(item, false, state));
                case "get_tasks.unreachable_tasks" -> items.items((none, item) -> task(item, true, state));
                default -> {}
            }
        }));
        return state;
    }

    private void framework(JsonCursor item, ClusterState state) throws IOException {
        Json info = item.tree(FRAMEWORK_FIELDS, faults).get("framework_info");
        Optional<String> id = info.get("id").get("value").text();
        Optional<String> name = info.get("name").text();
        if (id.isPresent() && name.isPresent()) {
            state.frameworks.put(id.get(), name.get());
        }
    }

    private Optional<MesosAgent> agent(JsonCursor item) throws IOException {
        return MesosAgent.read(item.tree(MesosAgent.FIELDS, faults));
    }

    private void task(JsonCursor item, boolean unreachable, ClusterState state) throws IOException {
        Json task = item.tree(MirrorTask.FIELDS, faults);
        if (!MirrorTask.hasVipLabel(task)) {
            state.otherTasks++;
            return;
        }
        Optional<MirrorTask> read = MirrorTask.of(task);
        if (read.isEmpty() || read.get().isTerminal()) {
            return;
        }
        MirrorTask known = canonical.apply(read.get());
        (unreachable ? state.unreachable : state.tasks).put(known.key(), known);
    }
}
