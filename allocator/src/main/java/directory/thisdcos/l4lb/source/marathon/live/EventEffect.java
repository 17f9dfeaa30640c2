package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.marathon.CheckResult;
import directory.thisdcos.l4lb.source.marathon.RunSpec;
import directory.thisdcos.l4lb.source.marathon.RunTask;
import directory.thisdcos.l4lb.source.marathon.TaskState;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.HealthChanged;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.InstanceChanged;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.OfSpec;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.TaskChanged;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an event does to an app or pod by itself, before that is read again. */
final class EventEffect {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private EventEffect() {}

    /** The spec afterwards; the same object if nothing changed. */
    static RunSpec on(RunSpec spec, OfSpec event) {
        if (!spec.hasVips()) {
            return spec;
        }
        Map<String, RunTask> tasks = new LinkedHashMap<>(spec.tasks());
        if (event instanceof TaskChanged changed) {
            task(spec, tasks, changed);
        } else if (event instanceof InstanceChanged changed) {
            instance(tasks, changed);
        } else if (event instanceof HealthChanged changed) {
            health(spec, tasks, changed);
        }
        return tasks.equals(spec.tasks()) ? spec : spec.withTasks(tasks);
    }

    private static void task(RunSpec spec, Map<String, RunTask> tasks, TaskChanged event) {
        if (event.state() == TaskState.OVER) {
            tasks.values().removeIf(task -> task.id().equals(event.subject()));
            return;
        }
        tasks.replaceAll((key, task) -> task.id().equals(event.subject()) ? moved(task, event) : task);
        boolean isNew = !spec.isPod() && !tasks.containsKey(event.subject());
        if (isNew && event.state() == TaskState.RUNNING && !event.host().isEmpty()) {
            RunTask task = new RunTask(
                    event.subject(),
                    "tasks[" + event.subject() + "]",
                    "",
                    event.host(),
                    "",
                    event.ports(),
                    event.ips(),
                    TaskState.RUNNING,
                    CheckResult.NONE);
            tasks.put(task.key(), task);
        }
    }

    private static RunTask moved(RunTask task, TaskChanged event) {
        // A pod's event lists the ports of the whole container, ours is one endpoint of it.
        boolean whole = task.group().isEmpty();
        return new RunTask(
                task.id(),
                task.place(),
                task.group(),
                event.host().isEmpty() ? task.host() : event.host(),
                task.zone(),
                whole && !event.ports().isEmpty() ? event.ports() : task.ports(),
                whole && !event.ips().isEmpty() ? event.ips() : task.ips(),
                event.state(),
                task.checks());
    }

    /** An instance begins to run when its tasks say so; here it can only end or stop to take connections. */
    private static void instance(Map<String, RunTask> tasks, InstanceChanged event) {
        Optional<String> uuid = uuid(event.subject());
        switch (event.state()) {
            case OVER -> tasks.values().removeIf(task -> isOf(task, event.subject(), uuid));
            case KILLING, UNREACHABLE ->
                tasks.replaceAll((key, task) -> isOf(task, event.subject(), uuid) ? task.with(event.state()) : task);
            case PREPARING, RUNNING -> {
                // Nothing that is not in the tasks' own events.
            }
        }
    }

    /**
     * A check that fails is enough to make a task unhealthy. One that passes says all only if there is no other; a pod's
     * containers each have their own.
     */
    private static void health(RunSpec spec, Map<String, RunTask> tasks, HealthChanged event) {
        if (spec.isPod() || (event.alive() && spec.checks() > 1)) {
            return;
        }
        Optional<String> uuid = uuid(event.subject());
        CheckResult result = event.alive() ? CheckResult.ALIVE : CheckResult.DEAD;
        tasks.replaceAll((key, task) -> isOf(task, event.subject(), uuid) ? task.with(result) : task);
    }

    /** Task {@code my-app.UUID} or {@code my-app.instance-UUID._app.1} is of instance {@code my-app.instance-UUID}. */
    private static boolean isOf(RunTask task, String instance, Optional<String> uuid) {
        return task.id().equals(instance) || (uuid.isPresent() && task.id().contains(uuid.get()));
    }

    private static Optional<String> uuid(String id) {
        Matcher matcher = UUID.matcher(id);
        String last = "";
        while (matcher.find()) {
            last = matcher.group();
        }
        return last.isEmpty() ? Optional.empty() : Optional.of(last);
    }
}
