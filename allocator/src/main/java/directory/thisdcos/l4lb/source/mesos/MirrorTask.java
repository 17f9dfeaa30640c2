package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.source.VipLabel;
import directory.thisdcos.l4lb.source.json.Faults;
import directory.thisdcos.l4lb.source.json.Json;
import directory.thisdcos.l4lb.source.json.JsonOctets;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A task that carries VIP labels, as small as it can be kept: its record without what nobody reads, and its latest
 * status apart, because updates bring nothing else.
 *
 * @param key framework and task id: task ids alone are not unique
 * @param definition the record without its statuses
 * @param status the latest one; empty if there was none
 */
record MirrorTask(Key key, String agentId, String state, JsonOctets definition, Optional<Status> status) {

    /** What an event about a task is read for; all else is skipped. */
    static final Set<String> FIELDS = Set.of(
            "agent_id",
            "begin",
            "container",
            "container_port",
            "container_status",
            "discovery",
            "docker",
            "end",
            "framework_id",
            "health_check",
            "healthy",
            "host_port",
            "ip_address",
            "ip_addresses",
            "key",
            "labels",
            "name",
            "network_infos",
            "number",
            "port_mappings",
            "ports",
            "protocol",
            "range",
            "ranges",
            "resources",
            "source",
            "state",
            "status",
            "statuses",
            "task",
            "task_id",
            "timestamp",
            "type",
            "value");

    /** Identity within a cluster. */
    record Key(String frameworkId, String taskId) {

        /** The unit's id. */
        String unit() {
            return "task/" + frameworkId + "/" + taskId;
        }
    }

    /**
     * A status of a task.
     *
     * @param time seconds by the clock of who made it; empty if it does not say
     * @param ofMaster whether the master made it; the agent's clock says nothing about its order then
     * @param hasContainer whether it tells the container's addresses, as those of agents do
     */
    record Status(JsonOctets octets, OptionalDouble time, boolean ofMaster, boolean hasContainer) {

        private static final String CONTAINER = "container_status";

        static Status of(Json status) {
            return new Status(
                    JsonOctets.of(status),
                    status.get("timestamp").number(),
                    status.get("source").text().orElse("").equals("SOURCE_MASTER"),
                    status.get(CONTAINER).isPresent());
        }

        /** This one, with what an earlier one told of the container if it tells nothing itself. */
        Status after(Status earlier) {
            if (hasContainer || !earlier.hasContainer) {
                return this;
            }
            Faults silent = (kind, path, message) -> {};
            Json container = earlier.octets.read(silent).get(CONTAINER);
            Json status = octets.read(silent).with(CONTAINER, container);
            return new Status(JsonOctets.of(status), time, ofMaster, true);
        }

        /** Whether it was surely made before another one: both by the same clock. */
        boolean isBefore(Status other) {
            return !ofMaster
                    && !other.ofMaster
                    && time.isPresent()
                    && other.time.isPresent()
                    && time.getAsDouble() < other.time.getAsDouble();
        }
    }

    /** A task's record; empty without an id. */
    static Optional<MirrorTask> of(Json task) {
        return key(task, task).map(key -> {
            Optional<Json> latest = TaskReader.latest(task.get("statuses").items());
            Json definition = task.without("statuses").without("state");
            if (!hasIndexLabel(task)) {
                // Only a vip_portN label needs them, and they are the largest part of many records.
                definition = definition.without("resources");
            }
            return new MirrorTask(
                    key,
                    task.get("agent_id").get("value").text().orElse(""),
                    TaskReader.state(task, latest),
                    JsonOctets.of(definition),
                    latest.map(Status::of));
        });
    }

    /** The ids out of an update or a record, and of its status if they stand there. */
    static Optional<Key> key(Json record, Json status) {
        Optional<String> framework = record.get("framework_id").get("value").text();
        Optional<String> task = status.get("task_id").get("value").text();
        return task.filter(id -> !id.isEmpty()).map(id -> new Key(framework.orElse(""), id));
    }

    /** Whether a task asks for a VIP, or seems to. */
    static boolean hasVipLabel(Json task) {
        return hasVipKey(task.get("labels"))
                || task.get("discovery").get("ports").get("ports").items().stream()
                        .anyMatch(port -> port.isObject() && hasVipKey(port.get("labels")));
    }

    private static boolean hasVipKey(Json labels) {
        return labels.get("labels").items().stream()
                .anyMatch(label -> label.isObject()
                        && VipLabel.isVipKey(label.get("key").text().orElse("")));
    }

    private static boolean hasIndexLabel(Json task) {
        return task.get("labels").get("labels").items().stream()
                .anyMatch(label -> label.isObject()
                        && VipLabel.isPortIndexKey(label.get("key").text().orElse("")));
    }

    boolean isTerminal() {
        return TaskReader.TERMINAL.contains(state);
    }

    /** After an update; unchanged if the update is older than what is known. */
    MirrorTask updated(String newState, Optional<Status> newStatus) {
        if (status.isPresent() && newStatus.isPresent() && newStatus.get().isBefore(status.get())) {
            return this;
        }
        Optional<Status> merged = newStatus.isPresent() && status.isPresent()
                ? Optional.of(newStatus.get().after(status.get()))
                : newStatus.or(() -> status);
        return new MirrorTask(key, agentId, newState.isEmpty() ? state : newState, definition, merged);
    }

    /** This record, with the state of an earlier one of the same task where that is newer. */
    MirrorTask after(MirrorTask known) {
        boolean knownIsNewer = known.status.isPresent()
                && (status.isEmpty() || status.get().isBefore(known.status.get()))
                && known.agentId.equals(agentId);
        return knownIsNewer ? new MirrorTask(key, agentId, known.state, definition, known.status) : this;
    }

    /** The record as Mesos would give it now. */
    Json read(Faults faults) {
        Json task = definition.read(faults).with("state", Json.of(state));
        return status.isEmpty()
                ? task
                : task.with("statuses", status.get().octets.read(faults).inArray());
    }
}
