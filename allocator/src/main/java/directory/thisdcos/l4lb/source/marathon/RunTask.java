package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import java.util.List;
import java.util.OptionalInt;

/**
 * An instance of an app, or of one endpoint of a pod. There may be 100,000 of them, so it holds no JSON.
 *
 * @param id the Mesos task's id
 * @param place where it stands, for problems
 * @param group which ports it has, see {@link AppPort#group}
 * @param host its agent as Marathon names it
 * @param zone {@code REGION/ZONE}; empty if unknown
 * @param ports its ports on the host, in the order of the app's ports; 0 for one that could not be read
 * @param ips its own addresses
 */
public record RunTask(
        String id,
        String place,
        String group,
        String host,
        String zone,
        List<Integer> ports,
        List<Ip> ips,
        TaskState state,
        CheckResult checks) {

    public RunTask {
        ports = List.copyOf(ports);
        ips = List.copyOf(ips);
    }

    /** Unique within its app or pod. */
    public String key() {
        return group.isEmpty() ? id : id + " " + group;
    }

    public RunTask with(TaskState newState) {
        return new RunTask(id, place, group, host, zone, ports, ips, newState, checks);
    }

    public RunTask with(CheckResult newChecks) {
        return new RunTask(id, place, group, host, zone, ports, ips, state, newChecks);
    }

    /** Whether connections may go to it, be it with weight 0. */
    public boolean isBackend() {
        return state == TaskState.RUNNING || state == TaskState.KILLING;
    }

    Health health(boolean checksDeclared) {
        if (state == TaskState.KILLING) {
            return Health.DRAINING;
        }
        return switch (checks) {
            case DEAD -> Health.UNHEALTHY;
            case PENDING -> Health.PENDING;
            case ALIVE -> Health.HEALTHY;
            case NONE -> checksDeclared ? Health.PENDING : Health.UNCHECKED;
        };
    }

    OptionalInt port(int index) {
        int port = index < ports.size() ? ports.get(index) : 0;
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
