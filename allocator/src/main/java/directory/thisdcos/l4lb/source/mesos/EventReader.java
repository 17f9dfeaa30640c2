package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.source.json.Faults;
import directory.thisdcos.l4lb.source.json.Json;
import directory.thisdcos.l4lb.source.json.JsonCursor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/** Reads the records of a master's {@code SUBSCRIBE} stream (mesos/v1/master/master.proto, message Event). */
final class EventReader {
    private final StateReader states;
    private final Faults faults;

    EventReader(UnaryOperator<MirrorTask> canonical, Faults faults) {
        this.states = new StateReader(canonical, faults);
        this.faults = faults;
    }

    /** A record with its type's name, for counting. */
    record Typed(String type, MasterEvent event) {}

    private static final class Found {
        private String type = "";
        private Optional<MasterEvent> event = Optional.empty();
    }

    /** Reads one record. A text that is no JSON is an exception of which {@link JsonCursor#isMalformed} is true. */
    Typed read(InputStream in) throws IOException {
        Found found = new Found();
        try (JsonCursor cursor = JsonCursor.of(in)) {
            cursor.fields((name, value) -> {
                if (name.equals("type")) {
                    found.type = value.text();
                } else {
                    found.event = payload(name, value).or(() -> found.event);
                }
            });
            cursor.end();
        }
        MasterEvent bare = found.type.equals("HEARTBEAT") ? new MasterEvent.Heartbeat() : new MasterEvent.Other();
        return new Typed(found.type, found.event.orElse(bare));
    }

    private Optional<MasterEvent> payload(String name, JsonCursor value) throws IOException {
        return switch (name) {
            case "subscribed" -> Optional.of(subscribed(value));
            case "task_added" ->
                Optional.of(taskAdded(value.tree(MirrorTask.FIELDS, faults).get("task")));
            case "task_updated" -> Optional.of(taskUpdated(value.tree(MirrorTask.FIELDS, faults)));
            case "agent_added" -> Optional.of(agentAdded(value));
            case "agent_removed" -> Optional.of(agentRemoved(value));
            case "framework_added", "framework_updated" -> Optional.of(framework(value));
            case "framework_removed" -> Optional.of(frameworkRemoved(value));
            default -> Optional.empty();
        };
    }

    private MasterEvent subscribed(JsonCursor value) throws IOException {
        ClusterState[] state = {new ClusterState()};
        OptionalDouble[] heartbeat = {OptionalDouble.empty()};
        value.fields((name, part) -> {
            switch (name) {
                case "get_state" -> state[0] = states.read(part);
                case "heartbeat_interval_seconds" -> heartbeat[0] = part.number();
                default -> {}
            }
        });
        return new MasterEvent.Subscribed(state[0], heartbeat[0]);
    }

    private static MasterEvent taskAdded(Json task) {
        if (!task.isObject()) {
            return new MasterEvent.Malformed("task_added without a task");
        }
        if (!MirrorTask.hasVipLabel(task)) {
            return new MasterEvent.TaskAdded(Optional.empty());
        }
        return MirrorTask.of(task)
                .<MasterEvent>map(known -> new MasterEvent.TaskAdded(Optional.of(known)))
                .orElse(new MasterEvent.Malformed("task_added without a task id"));
    }

    /** The message has the ids in its status; Mesos's documentation shows them beside it. */
    private static MasterEvent taskUpdated(Json updated) {
        Json status = updated.get("status");
        Optional<MirrorTask.Key> key = MirrorTask.key(updated, status).or(() -> MirrorTask.key(updated, updated));
        String state = TaskReader.state(updated, Optional.of(status));
        return key.<MasterEvent>map(ids -> new MasterEvent.TaskUpdated(
                        ids, state, status.isObject() ? Optional.of(MirrorTask.Status.of(status)) : Optional.empty()))
                .orElse(new MasterEvent.Malformed("task_updated without a task id"));
    }

    private MasterEvent agentAdded(JsonCursor value) throws IOException {
        Json added = value.tree(MesosAgent.FIELDS, faults);
        return MesosAgent.read(added.get("agent"))
                .<MasterEvent>map(MasterEvent.AgentAdded::new)
                .orElse(new MasterEvent.Malformed("agent_added without an agent id"));
    }

    private MasterEvent agentRemoved(JsonCursor value) throws IOException {
        Json removed = value.tree(MesosAgent.FIELDS, faults);
        return removed.get("agent_id")
                .get("value")
                .text()
                .<MasterEvent>map(MasterEvent.AgentRemoved::new)
                .orElse(new MasterEvent.Malformed("agent_removed without an agent id"));
    }

    private MasterEvent framework(JsonCursor value) throws IOException {
        Json info = value.tree(StateReader.FRAMEWORK_FIELDS, faults)
                .get("framework")
                .get("framework_info");
        Optional<String> id = info.get("id").get("value").text();
        Optional<String> name = info.get("name").text();
        return id.isPresent() && name.isPresent()
                ? new MasterEvent.FrameworkKnown(id.get(), name.get())
                : new MasterEvent.Malformed("a framework without an id or a name");
    }

    private MasterEvent frameworkRemoved(JsonCursor value) throws IOException {
        Json info = value.tree(StateReader.FRAMEWORK_FIELDS, faults).get("framework_info");
        return info.get("id")
                .get("value")
                .text()
                .<MasterEvent>map(MasterEvent.FrameworkRemoved::new)
                .orElse(new MasterEvent.Malformed("framework_removed without a framework id"));
    }
}
