package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.json.Faults;
import directory.thisdcos.l4lb.source.json.Json;
import directory.thisdcos.l4lb.source.json.JsonCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads one app or pod, out of a tree or out of a stream in which its tasks come one at a time. */
public final class RunSpecReader {

    /** So many faults of one app are listed; what is wrong with one task is often wrong with all. */
    private static final int MAX_FAULTS = 100;

    private final String document;
    private final String framework;

    /** Faults of one app, until its id is known. */
    private static final class Noted implements Faults {
        private record Fault(String kind, String path, String message) {}

        private final List<Fault> faults = new ArrayList<>();

        @Override
        public void add(String kind, String path, String message) {
            if (faults.size() < MAX_FAULTS) {
                faults.add(new Fault(kind, path, message));
            }
        }
    }

    /**
     * @param document what problems name, such as a file
     * @param framework Marathon's framework name, the second part of every name
     */
    public RunSpecReader(String document, String framework) {
        this.document = document;
        this.framework = framework;
    }

    /** Reads the app at which the cursor stands. */
    public RunSpec app(JsonCursor cursor) throws IOException {
        Noted noted = new Noted();
        Map<String, Json> fields = new HashMap<>();
        List<RunTask> tasks = new ArrayList<>();
        boolean[] listed = {false};
        cursor.fields((name, value) -> {
            if (name.equals("tasks")) {
                listed[0] |= value.isArray();
                value.items((none, task) -> tasks.add(task(task, noted)));
            } else {
                fields.put(name, value.tree(name, noted));
            }
        });
        return app(Json.object(fields, noted), tasks, listed[0], noted);
    }

    private static RunTask task(JsonCursor cursor, Noted noted) throws IOException {
        Json tree = cursor.tree("", noted);
        String id = tree.isObject()
                ? tree.get("id").reportingTo((kind, path, message) -> {}).text().orElse("")
                : "";
        return AppTasks.read(tree.at("tasks[" + id + "]"));
    }

    /** Reads an app with its embedded tasks. */
    public RunSpec app(Json app) {
        Noted noted = new Noted();
        Json noting = app.reportingTo(noted);
        List<RunTask> tasks =
                noting.get("tasks").items().stream().map(AppTasks::read).toList();
        return app(noting, tasks, noting.get("tasks").isArray(), noted);
    }

    private RunSpec app(Json app, List<RunTask> tasks, boolean listed, Noted noted) {
        String id = app.get("id").text().orElse("");
        PortLabels labels = new PortLabels(framework, id.isEmpty() ? document : id);
        AppNetwork network = AppNetwork.of(app);
        List<AppPort> ports = new AppPorts(app, network, labels).withVips();
        new UnreadLabels(labels.placesRead()).report(app);
        int checks = app.get("healthChecks").items().size();
        boolean missing = !listed && app.get("tasksRunning").number().orElse(0) > 0;
        return spec(
                new RunSpec.Spec(
                        document,
                        framework,
                        id,
                        false,
                        missing,
                        network.dockerEngine(),
                        checks,
                        ports,
                        List.of(),
                        labels.exclusions()),
                tasks,
                noted);
    }

    /** Reads a pod, or the status of one with its instances. */
    public RunSpec pod(Json pod) {
        Noted noted = new Noted();
        Json noting = pod.reportingTo(noted);
        Json spec = noting.get("spec").isPresent() ? noting.get("spec") : noting;
        String id = noting.get("id").text().or(() -> spec.get("id").text()).orElse("");
        PortLabels labels = new PortLabels(framework, id.isEmpty() ? document : id);
        List<AppPort> ports = new PodPorts(spec, labels).withVips();
        new UnreadLabels(labels.placesRead()).report(spec);
        PodTasks reader = new PodTasks(spec);
        List<RunTask> tasks = new ArrayList<>();
        noting.get("instances").items().forEach(instance -> tasks.addAll(reader.of(instance)));
        // Whether one is checked differs by container, and its tasks know it.
        return spec(
                new RunSpec.Spec(document, framework, id, true, false, false, 0, ports, List.of(), labels.exclusions()),
                tasks,
                noted);
    }

    private static RunSpec spec(RunSpec.Spec bare, List<RunTask> tasks, Noted noted) {
        List<Problem> problems = noted.faults.stream()
                .map(fault -> new Problem(fault.kind, bare.subject(fault.path), fault.message))
                .toList();
        return new RunSpec(bare.with(problems), bare.ports().isEmpty() ? List.of() : tasks);
    }
}
