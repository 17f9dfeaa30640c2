package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.Exclusion;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * A task that exists: staging, running, or being killed.
 *
 * @param place where it stands, for problems
 * @param owner what it is an instance of: the discovery name, else its own
 * @param state such as {@code TASK_RUNNING}
 * @param health empty while it is no backend, because it does not run yet or cannot be reached
 * @param dockerEngine whether the Docker daemon runs it
 * @param ips its addresses, in Mesos's order
 * @param excluded what of its ports could not be read
 */
record MesosTask(
        Json place,
        String id,
        String owner,
        String framework,
        String agentId,
        String state,
        Optional<Health> health,
        boolean dockerEngine,
        List<Ip> ips,
        List<TaskPort> ports,
        List<Exclusion> excluded) {

    /** Its agent is lost, but neither is known to be over (Mesos, docs/high-availability-framework-guide.md). */
    static final String UNREACHABLE = "TASK_UNREACHABLE";
}
