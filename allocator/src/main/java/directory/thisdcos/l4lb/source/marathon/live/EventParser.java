package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.json.Json;
import directory.thisdcos.l4lb.source.json.JsonText;
import directory.thisdcos.l4lb.source.json.MalformedJsonException;
import directory.thisdcos.l4lb.source.marathon.TaskState;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.Attached;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.GroupChanged;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.HealthChanged;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.Ignored;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.InstanceChanged;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.TaskChanged;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.Touched;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the events of Marathon 0.8 to 1.11. One that says less than it should is read as {@link GroupChanged} of
 * everything: something happened, and only a new look tells what.
 */
final class EventParser {

    /** Types that are asked for; a server sends others too. */
    static final List<String> TYPES = List.of(
            "event_stream_attached",
            "status_update_event",
            "instance_changed_event",
            "unknown_instance_terminated_event",
            "health_status_changed_event",
            "instance_health_changed_event",
            "failed_health_check_event",
            "unhealthy_task_kill_event",
            "unhealthy_instance_kill_event",
            "add_health_check_event",
            "remove_health_check_event",
            "app_terminated_event",
            "api_post_event",
            "pod_created_event",
            "pod_updated_event",
            "pod_deleted_event",
            "group_change_success",
            "deployment_info",
            "deployment_success",
            "deployment_failed",
            "deployment_step_success",
            "deployment_step_failure");

    private static final GroupChanged EVERYTHING = new GroupChanged("/");

    private EventParser() {}

    /** Whether a type means anything here: a label of metrics, so the list is short. */
    static boolean isKnown(String type) {
        return TYPES.contains(type);
    }

    static MarathonEvent parse(String type, String data) throws MalformedJsonException {
        Json event = JsonText.parse(data.getBytes(StandardCharsets.UTF_8)).root((kind, path, message) -> {});
        return switch (type.equals("message") ? text(event, "eventType") : type) {
            case "event_stream_attached" -> new Attached();
            case "status_update_event" -> task(event);
            case "instance_changed_event" ->
                new InstanceChanged(
                        text(event, "runSpecId"),
                        text(event, "instanceId"),
                        TaskState.of(text(event, "condition")),
                        time(event));
            case "unknown_instance_terminated_event" ->
                new InstanceChanged(text(event, "runSpecId"), text(event, "instanceId"), TaskState.OVER, time(event));
            case "health_status_changed_event" -> health(event, "appId", "alive");
            case "instance_health_changed_event" -> health(event, "runSpecId", "healthy");
            case "failed_health_check_event",
                    "unhealthy_task_kill_event",
                    "unhealthy_instance_kill_event",
                    "add_health_check_event",
                    "remove_health_check_event",
                    "app_terminated_event" -> touched(Set.of(text(event, "appId")));
            case "api_post_event" -> touched(Set.of(text(event.get("appDefinition"), "id")));
            case "pod_created_event", "pod_updated_event", "pod_deleted_event" -> touched(Set.of(pod(event)));
            case "group_change_success" -> new GroupChanged(text(event, "groupId"));
            case "deployment_info",
                    "deployment_success",
                    "deployment_failed",
                    "deployment_step_success",
                    "deployment_step_failure" -> deployment(event);
            default -> new Ignored();
        };
    }

    private static MarathonEvent task(Json event) {
        List<Integer> ports = new ArrayList<>();
        event.get("ports").items().forEach(port -> ports.add(port.port().orElse(0)));
        List<Ip> ips = new ArrayList<>();
        for (Json address : event.get("ipAddresses").items()) {
            address.get("ipAddress").text().flatMap(Ip::parse).ifPresent(ips::add);
        }
        String spec = text(event, "appId");
        String id = text(event, "taskId");
        String state = text(event, "taskStatus");
        if (spec.isEmpty()) {
            return EVERYTHING;
        }
        return id.isEmpty() || state.isEmpty()
                ? new Touched(Set.of(spec))
                : new TaskChanged(spec, id, TaskState.of(state), text(event, "host"), ports, ips, time(event));
    }

    /** Marathon before 1.4 named the task, later ones name the instance. */
    private static MarathonEvent health(Json event, String specField, String aliveField) {
        String spec = text(event, specField);
        Optional<Boolean> alive = event.get(aliveField).bool();
        String instance = text(event, "instanceId");
        String subject = instance.isEmpty() ? text(event, "taskId") : instance;
        return spec.isEmpty() || subject.isEmpty() || alive.isEmpty()
                ? touched(Set.of(spec))
                : new HealthChanged(spec, subject, alive.get(), time(event));
    }

    private static MarathonEvent touched(Set<String> specs) {
        return specs.contains("") || specs.isEmpty() ? EVERYTHING : new Touched(specs);
    }

    /** Of {@code /v2/pods/my-group/my-pod}; of {@code /v2/pods} nobody knows. */
    private static String pod(Json event) {
        String uri = text(event, "uri");
        String prefix = "/v2/pods/";
        int begin = uri.indexOf(prefix);
        if (begin < 0) {
            return "";
        }
        String id = uri.substring(begin + prefix.length()).replaceAll("(::.*|\\?.*|/+)$", "");
        return id.isEmpty() ? "" : "/" + id.replaceAll("^/+", "");
    }

    /** The apps and pods of a plan; before 1.8, and without plan-format=light, it holds them whole. */
    private static MarathonEvent deployment(Json event) {
        Set<String> specs = new HashSet<>();
        Json plan = event.get("plan");
        for (Json step : plan.get("steps").items()) {
            action(step, specs);
            step.get("actions").items().forEach(action -> action(action, specs));
        }
        Json current = event.get("currentStep");
        current.get("actions").items().forEach(action -> action(action, specs));
        // An older deployment_success names the deployment alone; its steps were told before.
        return specs.isEmpty() ? new Ignored() : touched(specs);
    }

    private static void action(Json action, Set<String> specs) {
        action.get("app").text().filter(id -> !id.isEmpty()).ifPresent(specs::add);
        action.get("pod").text().filter(id -> !id.isEmpty()).ifPresent(specs::add);
    }

    private static String text(Json place, String field) {
        return place.get(field).text().orElse("");
    }

    private static long time(Json event) {
        try {
            return OffsetDateTime.parse(text(event, "timestamp")).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            return 0;
        }
    }
}
