package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * A task that exists: staging, running, or being killed.
 *
 * @param place where it stands, for problems
 * @param owner what it is an instance of: the discovery name, else its own
 * @param health empty while it is no backend, because it does not run yet
 * @param dockerEngine whether the Docker daemon runs it
 * @param ips its addresses, in Mesos's order
 */
record MesosTask(
        Json place,
        String id,
        String owner,
        String framework,
        String agentId,
        Optional<Health> health,
        boolean dockerEngine,
        List<Ip> ips,
        List<TaskPort> ports) {}
