package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a {@code GET_STATE} answer of a master or of an agent. */
public final class MesosState {
    private final String source;
    private final HostAddresses hosts;

    /** With the id that backends and origins carry. */
    public MesosState(String source, HostAddresses hosts) {
        this.source = source;
        this.hosts = hosts;
    }

    /** Whether a document is such an answer. */
    public static boolean matches(Json document) {
        return document.isObject() && document.has("get_state");
    }

    /**
     * Reads the answer. A master lists {@code tasks}, an agent {@code launched_tasks}.
     *
     * @param name the document's name in problems, such as its path
     */
    public void read(Json document, String name, DeclarationBuilder out) {
        Json state = document.get("get_state");
        Map<String, MesosAgent> agents = new HashMap<>();
        for (Json agent : state.get("get_agents").get("agents").items()) {
            MesosAgent.read(agent).ifPresent(known -> {
                agents.put(known.id(), known);
                known.address(hosts).ifPresent(out::addNode);
            });
        }
        Map<String, String> frameworks = frameworks(state);
        TaskBackends backends = new TaskBackends(source, hosts, out);
        Json lists = state.get("get_tasks");
        for (Json task :
                lists.get(lists.has("tasks") ? "tasks" : "launched_tasks").items()) {
            read(task, name, frameworks, out)
                    .ifPresent(known -> backends.add(known, Optional.ofNullable(agents.get(known.agentId())), false));
        }
        for (Json task : lists.get("unreachable_tasks").items()) {
            read(task, name, frameworks, out)
                    .ifPresent(known -> backends.add(known, Optional.ofNullable(agents.get(known.agentId())), true));
        }
    }

    private static Optional<MesosTask> read(
            Json task, String name, Map<String, String> frameworks, DeclarationBuilder out) {
        String id = TaskReader.taskId(task);
        Json reported = task.reportingTo((kind, path, message) ->
                out.report(new Problem(kind, name + ": " + (id + " " + path).strip(), message)));
        Json frameworkId = reported.get("framework_id").get("value");
        Optional<String> framework = frameworkId.text().map(frameworks::get);
        if (framework.isEmpty()) {
            frameworkId.fault("unknown-framework", "no framework of this id is listed, so the task has no names");
            return Optional.empty();
        }
        return TaskReader.read(reported, framework.get());
    }

    private static Map<String, String> frameworks(Json state) {
        Map<String, String> names = new HashMap<>();
        for (Json framework : state.get("get_frameworks").get("frameworks").items()) {
            Json info = framework.get("framework_info");
            Optional<String> id = info.get("id").get("value").text();
            Optional<String> name = info.get("name").text();
            if (id.isPresent() && name.isPresent()) {
                names.put(id.get(), name.get());
            }
        }
        return names;
    }
}
