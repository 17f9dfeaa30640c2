package directory.thisdcos.l4lb.source.mesos;

import java.util.Optional;
import java.util.OptionalDouble;

/** A record of a master's stream, as far as it matters here. */
sealed interface MasterEvent {

    /**
     * The whole cluster, always the first.
     *
     * @param heartbeatSeconds the interval of {@link Heartbeat}; empty if the master does not say
     */
    record Subscribed(ClusterState state, OptionalDouble heartbeatSeconds) implements MasterEvent {}

    /** @param task empty if it carries no VIP label */
    record TaskAdded(Optional<MirrorTask> task) implements MasterEvent {}

    /**
     * A status of a task.
     *
     * @param state the task's latest state as the agent knows it, which the status may be behind
     */
    record TaskUpdated(MirrorTask.Key key, String state, Optional<MirrorTask.Status> status) implements MasterEvent {}

    record AgentAdded(MesosAgent agent) implements MasterEvent {}

    record AgentRemoved(String id) implements MasterEvent {}

    /** Added or changed. */
    record FrameworkKnown(String id, String name) implements MasterEvent {}

    record FrameworkRemoved(String id) implements MasterEvent {}

    record Heartbeat() implements MasterEvent {}

    /** One that this program has no use for, or does not know. */
    record Other() implements MasterEvent {}

    /** One that lacks what it should have. */
    record Malformed(String reason) implements MasterEvent {}
}
