package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one Mesos task record. */
final class TaskReader {

    /** States after which a task never runs again. */
    static final Set<String> TERMINAL = Set.of(
            "TASK_FINISHED",
            "TASK_FAILED",
            "TASK_KILLED",
            "TASK_LOST",
            "TASK_ERROR",
            "TASK_DROPPED",
            "TASK_GONE",
            "TASK_GONE_BY_OPERATOR");

    private TaskReader() {}

    /** Empty for a task that is over. */
    static Optional<MesosTask> read(Json task, String framework) {
        Optional<Json> status = latest(task.get("statuses").items());
        String state = state(task, status);
        if (TERMINAL.contains(state)) {
            return Optional.empty();
        }
        String name = task.get("discovery")
                .get("name")
                .text()
                .or(() -> task.get("name").text())
                .orElse("");
        String id = taskId(task);
        String owner = name.isEmpty() ? id : name;
        PortReader ports = new PortReader(task, status, framework, owner);
        return Optional.of(new MesosTask(
                task,
                id,
                owner,
                framework,
                task.get("agent_id").get("value").text().orElse(""),
                state,
                health(state, task, status),
                isDocker(task),
                status.map(TaskReader::ips).orElse(List.of()),
                ports.ports(),
                ports.excluded()));
    }

    /** The record's own state, which is more accurate than its latest status; that one if it has none. */
    static String state(Json task, Optional<Json> status) {
        return task.get("state")
                .text()
                .or(() -> status.flatMap(last -> last.get("state").text()))
                .orElse("");
    }

    static String taskId(Json task) {
        return task.get("task_id").get("value").text().orElse("");
    }

    static boolean isDocker(Json task) {
        return task.get("container").get("type").text().orElse("").equals("DOCKER");
    }

    /** Mesos keeps several statuses, in no promised order. */
    static Optional<Json> latest(List<Json> statuses) {
        Json latest = null;
        double newest = Double.NEGATIVE_INFINITY;
        for (Json status : statuses) {
            double time = status.get("timestamp").number().orElse(Double.NEGATIVE_INFINITY);
            if (time >= newest) {
                newest = time;
                latest = status;
            }
        }
        return Optional.ofNullable(latest);
    }

    private static Optional<Health> health(String state, Json task, Optional<Json> status) {
        if (state.equals("TASK_KILLING")) {
            return Optional.of(Health.DRAINING);
        }
        if (!state.equals("TASK_RUNNING")) {
            return Optional.empty();
        }
        Optional<Boolean> healthy = status.flatMap(last -> last.get("healthy").bool());
        if (healthy.isPresent()) {
            return Optional.of(healthy.get() ? Health.HEALTHY : Health.UNHEALTHY);
        }
        return Optional.of(task.get("health_check").isPresent() ? Health.PENDING : Health.UNCHECKED);
    }

    private static List<Ip> ips(Json status) {
        List<Ip> ips = new ArrayList<>();
        for (Json network : status.get("container_status").get("network_infos").items()) {
            for (Json address : network.get("ip_addresses").items()) {
                // Mesos is known to send empty texts here while a container starts.
                address.get("ip_address").text().flatMap(Ip::parse).ifPresent(ips::add);
            }
        }
        return ips.stream().distinct().toList();
    }
}
