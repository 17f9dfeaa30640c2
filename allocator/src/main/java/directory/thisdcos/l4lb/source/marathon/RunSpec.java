package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.Exclusion;
import directory.thisdcos.l4lb.source.HostAddresses;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An app or a pod: its ports that ask for VIPs, and its tasks. Immutable; one that asks for no VIP holds no tasks.
 */
public final class RunSpec {

    /** What its document says beside its tasks. */
    record Spec(
            String document,
            String framework,
            String id,
            boolean pod,
            boolean tasksMissing,
            boolean dockerEngine,
            int checks,
            List<AppPort> ports,
            List<Problem> problems,
            List<Exclusion> exclusions) {
        Spec {
            ports = List.copyOf(ports);
            problems = List.copyOf(problems);
            exclusions = List.copyOf(exclusions);
        }

        Spec with(List<Problem> others) {
            return new Spec(
                    document, framework, id, pod, tasksMissing, dockerEngine, checks, ports, others, exclusions);
        }

        String subject(String path) {
            String place = (id + " " + path).strip();
            return place.isEmpty() ? document : document + ": " + place;
        }

        /** Who carries the labels. */
        String owner() {
            return id.isEmpty() ? document : id;
        }
    }

    private final Spec spec;
    private final Map<String, RunTask> tasks;

    RunSpec(Spec spec, Collection<RunTask> tasks) {
        this(spec, byKey(tasks));
    }

    private RunSpec(Spec spec, Map<String, RunTask> tasks) {
        this.spec = spec;
        this.tasks = Collections.unmodifiableMap(tasks);
    }

    private static Map<String, RunTask> byKey(Collection<RunTask> tasks) {
        Map<String, RunTask> byKey = new LinkedHashMap<>();
        for (RunTask task : tasks) {
            byKey.put(task.id().isEmpty() ? task.place() : task.key(), task);
        }
        return byKey;
    }

    /** Such as {@code /my-group/my-app}; empty if a file gave none. */
    public String id() {
        return spec.id;
    }

    public boolean isPod() {
        return spec.pod;
    }

    public boolean hasVips() {
        return !spec.ports.isEmpty();
    }

    /** Whether the document counts running tasks and does not list them. */
    public boolean tasksMissing() {
        return spec.tasksMissing;
    }

    /** How many health checks it declares; 0 for a pod, whose containers differ. */
    public int checks() {
        return spec.checks;
    }

    /** The tasks, each by its {@link RunTask#key}. */
    public Map<String, RunTask> tasks() {
        return tasks;
    }

    /** The same with other tasks; the map must not be changed any more. */
    public RunSpec withTasks(Map<String, RunTask> others) {
        return new RunSpec(spec, hasVips() ? others : Map.of());
    }

    /**
     * Says which services it declares and which backends they have.
     *
     * @param source the id that backends and origins carry
     */
    public void declare(String source, HostAddresses hosts, DeclarationBuilder out) {
        spec.problems.forEach(out::report);
        spec.exclusions.forEach(out::exclude);
        for (AppPort port : spec.ports) {
            port.vips().forEach(vip -> out.declare(vip.key(), vip.origin(source, spec.framework, spec.owner())));
        }
        RunBackends backends = new RunBackends(source, spec, hosts, out);
        tasks.values().forEach(backends::add);
    }
}
