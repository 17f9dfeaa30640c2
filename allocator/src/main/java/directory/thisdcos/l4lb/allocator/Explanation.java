package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.ServiceKey;
import java.util.Comparator;
import java.util.Optional;

/**
 * What became of one report of a source: a port of a task, and whether it is a backend.
 *
 * @param service empty if the label could not be read
 * @param source the source that reported it
 * @param owner the app, pod or task group that carries the label; empty if the source does not tell for a backend
 * @param task the task's id; empty if it concerns all of the owner's
 * @param node the agent that runs it; empty if unknown
 * @param port the port's name or number; empty if it concerns all
 * @param address where it is reached; empty if that is not known
 * @param backend whether it is a backend of the service, be it with weight 0
 * @param weight its share of new connections
 * @param health present for a backend
 * @param reason a word in kebab case: the health of a backend, else why it is none
 * @param detail one line more
 */
public record Explanation(
        Optional<ServiceKey> service,
        String source,
        String owner,
        String task,
        String node,
        String port,
        Optional<Endpoint> address,
        boolean backend,
        int weight,
        Optional<Health> health,
        String reason,
        String detail)
        implements Comparable<Explanation> {

    private static final Comparator<Explanation> ORDER = Comparator.comparing((Explanation line) ->
                    line.service().map(ServiceKey::toString).orElse(""))
            .thenComparing(line -> !line.backend())
            .thenComparing(line -> line.address().map(Endpoint::toString).orElse(""))
            .thenComparing(Explanation::source)
            .thenComparing(Explanation::owner)
            .thenComparing(Explanation::task)
            .thenComparing(Explanation::port)
            .thenComparing(Explanation::detail);

    @Override
    public int compareTo(Explanation other) {
        return ORDER.compare(this, other);
    }
}
