package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the instances of a pod: one task for each endpoint of each container. */
final class PodTasks {

    /** What the pod's own document says of an endpoint or a container. */
    private record Endpoint(Set<String> networks, boolean checked) {}

    private static final Endpoint PLAIN = new Endpoint(Set.of(), false);

    private final Map<String, Endpoint> endpoints = new HashMap<>();

    PodTasks(Json spec) {
        for (Json container : spec.get("containers").items()) {
            boolean checked = container.get("healthCheck").isPresent();
            String name = container.get("name").text().orElse("");
            for (Json endpoint : container.get("endpoints").items()) {
                Set<String> networks = new HashSet<>();
                endpoint.get("networkNames").items().forEach(item -> item.text().ifPresent(networks::add));
                endpoints.put(
                        PodPorts.group(name, endpoint.get("name").text().orElse("")), new Endpoint(networks, checked));
            }
        }
    }

    List<RunTask> of(Json instance) {
        List<RunTask> tasks = new ArrayList<>();
        Optional<TaskState> whole =
                instance.get("status").text().map(TaskState::of).filter(state -> state == TaskState.OVER);
        for (Json container : instance.get("containers").items()) {
            TaskState state = whole.orElseGet(
                    () -> TaskState.of(container.get("status").text().orElse("")));
            for (Json endpoint : container.get("endpoints").items()) {
                tasks.add(task(instance, container, endpoint, state));
            }
        }
        return tasks;
    }

    private RunTask task(Json instance, Json container, Json endpoint, TaskState state) {
        String name = container.get("name").text().orElse("");
        String group = PodPorts.group(name, endpoint.get("name").text().orElse(""));
        Endpoint declared = endpoints.getOrDefault(group, PLAIN);
        String id = container
                .get("containerId")
                .text()
                .orElseGet(() -> instance.get("id").text().orElse("") + "." + name);
        return new RunTask(
                id,
                container.path(),
                group,
                instance.get("agentHostname").text().orElse(""),
                zone(instance),
                List.of(endpoint.get("allocatedHostPort").port().orElse(0)),
                ips(instance, declared.networks),
                state,
                checks(container, endpoint, declared.checked));
    }

    private static String zone(Json instance) {
        String region = instance.get("agentRegion").text().orElse("");
        String zone = instance.get("agentZone").text().orElse("");
        return zone.isEmpty() ? region : region + "/" + zone;
    }

    private static List<Ip> ips(Json instance, Set<String> wanted) {
        List<Ip> ips = new ArrayList<>();
        for (Json network : instance.get("networks").items()) {
            if (wanted.isEmpty() || wanted.contains(network.get("name").text().orElse(""))) {
                network.get("addresses")
                        .items()
                        .forEach(item -> AppTasks.address(item).ifPresent(ips::add));
            }
        }
        return ips;
    }

    /** Only Mesos checks pods; its result stands at the endpoint, the container's conditions, or nowhere yet. */
    private static CheckResult checks(Json container, Json endpoint, boolean declared) {
        List<Boolean> said = new ArrayList<>();
        endpoint.get("healthy").bool().ifPresent(said::add);
        for (Json condition : container.get("conditions").items()) {
            if (condition.get("name").text().orElse("").equals("healthy")) {
                condition.get("value").text().ifPresent(value -> said.add(value.equalsIgnoreCase("true")));
            }
        }
        if (said.contains(false)) {
            return CheckResult.DEAD;
        }
        if (!said.isEmpty()) {
            return CheckResult.ALIVE;
        }
        return declared ? CheckResult.PENDING : CheckResult.NONE;
    }
}
