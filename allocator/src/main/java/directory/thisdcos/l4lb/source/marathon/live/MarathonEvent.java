package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.marathon.TaskState;
import java.util.List;
import java.util.Set;

/** What an event of Marathon means here. */
sealed interface MarathonEvent {

    /** The apps and pods to read again. */
    default Set<String> touched() {
        return Set.of();
    }

    /** One that tells something of one app or pod. */
    sealed interface OfSpec extends MarathonEvent {
        String spec();

        /** Milliseconds since the epoch by Marathon's clock; 0 if unknown. */
        long time();

        /** The task or instance of which it tells. */
        String subject();

        @Override
        default Set<String> touched() {
            return Set.of(spec());
        }
    }

    /** A task has a state. Empty fields were not in the event. */
    record TaskChanged(
            String spec, String subject, TaskState state, String host, List<Integer> ports, List<Ip> ips, long time)
            implements OfSpec {}

    /** An instance, which is one task of an app or all containers of a pod, has a state. */
    record InstanceChanged(String spec, String subject, TaskState state, long time) implements OfSpec {}

    /** A check of an instance (or, long ago, a task) failed or passed. */
    record HealthChanged(String spec, String subject, boolean alive, long time) implements OfSpec {}

    /** Something happened to these apps and pods. */
    record Touched(@Override Set<String> touched) implements MarathonEvent {
        public Touched {
            touched = Set.copyOf(touched);
        }
    }

    /** Something happened to the apps and pods of a group, or to more than the event says. */
    record GroupChanged(String group) implements MarathonEvent {}

    /** From here on the stream tells everything. */
    record Attached() implements MarathonEvent {}

    /** It changes nothing here. */
    record Ignored() implements MarathonEvent {}
}
