package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the tasks of apps. */
final class AppTasks {
    private AppTasks() {}

    static RunTask read(Json task) {
        List<Integer> ports = new ArrayList<>();
        for (Json port : task.get("ports").items()) {
            ports.add(port.port().orElse(0));
        }
        List<Ip> ips = new ArrayList<>();
        for (Json address : task.get("ipAddresses").items()) {
            address(address.get("ipAddress")).ifPresent(ips::add);
        }
        return new RunTask(
                task.get("id").text().orElse(""),
                task.path(),
                "",
                task.get("host").text().orElse(""),
                zone(task),
                ports,
                ips,
                TaskState.of(task.get("state").text().orElseGet(() -> stateWithoutField(task))),
                checks(task));
    }

    static Optional<Ip> address(Json field) {
        Optional<String> text = field.text();
        Optional<Ip> ip = text.flatMap(Ip::parse);
        if (text.isPresent() && ip.isEmpty()) {
            field.fault("no-address", "'" + text.get() + "' is not an IP address");
        }
        return ip;
    }

    static String zone(Json place) {
        String region = place.get("region").text().orElse("");
        String zone = place.get("zone").text().orElse("");
        return zone.isEmpty() ? region : region + "/" + zone;
    }

    /** Marathon before 1.3 gave no state, only the time when the task began to run. */
    private static String stateWithoutField(Json task) {
        return task.get("startedAt").isPresent() ? "TASK_RUNNING" : "TASK_STAGING";
    }

    private static CheckResult checks(Json task) {
        List<Json> results = task.get("healthCheckResults").items();
        CheckResult all = results.isEmpty() ? CheckResult.NONE : CheckResult.ALIVE;
        for (Json result : results) {
            // Marathon writes null for a check that has not given a result.
            Optional<Boolean> alive = result.get("alive").bool();
            if (alive.isPresent() && !alive.get()) {
                return CheckResult.DEAD;
            }
            all = alive.isPresent() ? all : CheckResult.PENDING;
        }
        return all;
    }
}
