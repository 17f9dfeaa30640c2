package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A task that is a backend: it runs, or is being killed.
 *
 * @param place where it stands, for problems
 * @param host its agent as Marathon names it
 * @param ports its ports on the host, in the order of the app's ports; 0 for one that could not be read
 * @param ips its own addresses
 */
record AppTask(
        Json place, String id, String host, Optional<Ip> hostIp, List<Integer> ports, List<Ip> ips, Health health) {

    /** Empty for a task that is no backend. */
    static Optional<AppTask> read(Json task, boolean checksDeclared, HostAddresses hosts) {
        Optional<Health> health = health(task, checksDeclared);
        if (health.isEmpty()) {
            return Optional.empty();
        }
        String host = task.get("host").text().orElse("");
        List<Integer> ports = new ArrayList<>();
        for (Json port : task.get("ports").items()) {
            ports.add(port.port().orElse(0));
        }
        List<Ip> ips = new ArrayList<>();
        for (Json address : task.get("ipAddresses").items()) {
            Json field = address.get("ipAddress");
            field.text()
                    .ifPresent(text -> Ip.parse(text)
                            .ifPresentOrElse(
                                    ips::add, () -> field.fault("no-address", "'" + text + "' is not an IP address")));
        }
        return Optional.of(new AppTask(
                task,
                task.get("id").text().orElse(""),
                host,
                hosts.resolve(host),
                List.copyOf(ports),
                List.copyOf(ips),
                health.get()));
    }

    private static Optional<Health> health(Json task, boolean checksDeclared) {
        String state = task.get("state").text().orElseGet(() -> stateWithoutField(task));
        if (state.equals("TASK_KILLING")) {
            return Optional.of(Health.DRAINING);
        }
        return state.equals("TASK_RUNNING") ? Optional.of(running(task, checksDeclared)) : Optional.empty();
    }

    /** Marathon before 1.3 gave no state, only the time when the task began to run. */
    private static String stateWithoutField(Json task) {
        return task.get("startedAt").isPresent() ? "TASK_RUNNING" : "TASK_STAGING";
    }

    private static Health running(Json task, boolean checksDeclared) {
        List<Json> results = task.get("healthCheckResults").items();
        boolean pending = results.isEmpty() && checksDeclared;
        for (Json result : results) {
            // Marathon writes null for a check that has not given a result.
            Optional<Boolean> alive = result.get("alive").bool();
            if (alive.isPresent() && !alive.get()) {
                return Health.UNHEALTHY;
            }
            pending |= alive.isEmpty();
        }
        if (pending) {
            return Health.PENDING;
        }
        return results.isEmpty() ? Health.UNCHECKED : Health.HEALTHY;
    }

    OptionalInt port(int index) {
        int port = index < ports.size() ? ports.get(index) : 0;
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
