package directory.thisdcos.l4lb.source.mesos;

import java.util.HashMap;
import java.util.Map;

/** A cluster as one answer tells it. Filled by {@link StateReader}; for one thread. */
final class ClusterState {
    /** Names by id. */
    final Map<String, String> frameworks = new HashMap<>();

    final Map<String, MesosAgent> agents = new HashMap<>();

    /** Agents that the master knows from its registry only: they have not come back since it leads. */
    final Map<String, MesosAgent> recoveredAgents = new HashMap<>();

    /** Tasks with VIP labels that are not over. */
    final Map<MirrorTask.Key, MirrorTask> tasks = new HashMap<>();

    /** Such tasks on agents that the master cannot reach. */
    final Map<MirrorTask.Key, MirrorTask> unreachable = new HashMap<>();

    /** Tasks without a VIP label. */
    int otherTasks;
}
