package directory.thisdcos.l4lb.source;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Services, the addresses of the nodes that run them, and what could not be used.
 *
 * @param services sorted by key
 * @param nodes addresses of agents; no fixed VIP may be one of them
 * @param problems sorted
 * @param exclusions why something is no backend; sorted
 */
public record Declarations(
        SortedMap<ServiceKey, DeclaredService> services,
        Set<Ip> nodes,
        List<Problem> problems,
        List<Exclusion> exclusions) {

    public static final Declarations NONE = new Declarations(new TreeMap<>(), Set.of(), List.of(), List.of());

    public Declarations {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        nodes = Collections.unmodifiableSet(new TreeSet<>(nodes));
        problems = problems.stream().distinct().sorted().toList();
        exclusions = exclusions.stream().distinct().sorted().toList();
    }

    /** Number of backends over all services. */
    public int backendCount() {
        return services.values().stream()
                .mapToInt(service -> service.backends().size())
                .sum();
    }

    /** These services with other problems beside their own. */
    public Declarations withProblems(List<Problem> more) {
        if (more.isEmpty()) {
            return this;
        }
        return new Declarations(
                services, nodes, Stream.concat(problems.stream(), more.stream()).toList(), exclusions);
    }

    /** The union of several documents' declarations. */
    public static Declarations union(Iterable<Declarations> parts) {
        DeclarationBuilder all = new DeclarationBuilder();
        parts.forEach(all::addAll);
        return all.build();
    }
}
