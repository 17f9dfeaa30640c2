package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.Exclusion;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the units of a source out of a mirror: one for each task, one for each agent. */
final class MirrorUnits {
    private static final String AGENT = "agent/";

    private final String source;
    private final HostAddresses hosts;
    private final ClusterMirror mirror;

    MirrorUnits(String source, HostAddresses hosts, ClusterMirror mirror) {
        this.source = source;
        this.hosts = hosts;
        this.mirror = mirror;
    }

    /** Everything. */
    SourceUpdate whole(boolean complete, long receivedNanos) {
        Map<String, Declarations> units = new HashMap<>();
        mirror.agents().forEach(agent -> units.put(AGENT + agent.id(), agent(agent)));
        mirror.tasks().forEach(task -> units.put(task.key().unit(), task(task)));
        return SourceUpdate.whole(source, complete, units, receivedNanos);
    }

    /** What was touched. */
    SourceUpdate change(Touched touched, boolean complete, long receivedNanos) {
        Map<String, Declarations> units = new HashMap<>();
        Set<String> gone = new HashSet<>();
        for (String id : touched.agents) {
            mirror.agent(id).ifPresentOrElse(agent -> units.put(AGENT + id, agent(agent)), () -> gone.add(AGENT + id));
        }
        for (MirrorTask.Key key : touched.tasks) {
            mirror.task(key).ifPresentOrElse(task -> units.put(key.unit(), task(task)), () -> gone.add(key.unit()));
        }
        return new SourceUpdate(source, false, complete, units, gone, receivedNanos);
    }

    private Declarations agent(MesosAgent agent) {
        DeclarationBuilder out = new DeclarationBuilder();
        agent.address(hosts).ifPresent(out::addNode);
        return out.build();
    }

    private Declarations task(MirrorTask task) {
        DeclarationBuilder out = new DeclarationBuilder();
        String id = task.key().taskId();
        Json record = task.read((kind, path, message) ->
                out.report(new Problem(kind, source + ": " + (id + " " + path).strip(), message)));
        Optional<String> framework = mirror.framework(task.key().frameworkId());
        if (framework.isEmpty()) {
            out.exclude(new Exclusion(
                    Optional.empty(),
                    id,
                    id,
                    "",
                    Exclusion.Reason.MALFORMED,
                    "its framework '" + task.key().frameworkId() + "' is not known, so it has no names"));
            return out.build();
        }
        TaskReader.read(record, framework.get())
                .ifPresent(known -> new TaskBackends(source, hosts, out)
                        .add(known, mirror.agent(task.agentId()), mirror.isLost(task.agentId())));
        return out.build();
    }
}
