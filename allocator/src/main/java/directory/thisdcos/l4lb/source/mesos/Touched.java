package directory.thisdcos.l4lb.source.mesos;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** What may have changed: tasks and agents whose units must be made anew. */
final class Touched {
    final Set<MirrorTask.Key> tasks = new LinkedHashSet<>();
    final Set<String> agents = new LinkedHashSet<>();

    static Touched nothing() {
        return new Touched();
    }

    Touched task(MirrorTask.Key key) {
        tasks.add(key);
        return this;
    }

    Touched allTasks(Collection<MirrorTask.Key> keys) {
        tasks.addAll(keys);
        return this;
    }

    Touched agent(String id) {
        agents.add(id);
        return this;
    }

    void addAll(Touched other) {
        tasks.addAll(other.tasks);
        agents.addAll(other.agents);
    }

    boolean isEmpty() {
        return tasks.isEmpty() && agents.isEmpty();
    }
}
