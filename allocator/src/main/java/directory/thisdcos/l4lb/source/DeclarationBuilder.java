package directory.thisdcos.l4lb.source;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Collects declarations in any order; equal input in another order gives equal declarations. What the table could not
 * store is left out and reported here, so that it does not keep everything else from being stored. For one thread.
 */
public final class DeclarationBuilder {
    /** Characters of a label, an id or a name; real ones are below 300. A record of the table takes 64 Ki. */
    static final int MAX_TEXT = 2_048;

    private static final int SHOWN = 40;

    private final Map<ServiceKey, Entry> services = new HashMap<>();
    private final Set<Ip> nodes = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Exclusion> exclusions = new ArrayList<>();

    private static final class Entry {
        private final TreeSet<Origin> origins = new TreeSet<>();
        private final TreeMap<Endpoint, Backend> backends = new TreeMap<>();

        /** Other tasks at the address of a backend. */
        private final Set<Backend> shadowed = new HashSet<>();

        void add(Backend backend) {
            Backend known = backends.putIfAbsent(backend.address(), backend);
            if (known == null) {
                return;
            }
            Backend better = BackendChoice.between(known, backend);
            backends.put(better.address(), better);
            if (!known.task().equals(backend.task())) {
                shadowed.add(better.equals(known) ? backend : known);
            }
        }

        Exclusion shadowed(ServiceKey key, Backend backend) {
            Backend chosen = Objects.requireNonNull(backends.get(backend.address()));
            return new Exclusion(
                    Optional.of(key),
                    origins.size() == 1 ? origins.first().owner() : "",
                    backend.task(),
                    backend.portName(),
                    Exclusion.Reason.SHADOWED,
                    "task " + chosen.task() + " is at the same address " + backend.address() + " and counts");
        }
    }

    public void declare(ServiceKey key, Origin origin) {
        if (isTooLong(key, origin.owner(), origin.label(), origin.framework())) {
            return;
        }
        entry(key).origins.add(origin);
    }

    /** Adds a backend of a service that is declared too; of two with one address the better one stays. */
    public void add(ServiceKey key, Backend backend) {
        if (isTooLong(key, backend.task(), backend.portName(), backend.node())) {
            return;
        }
        entry(key).add(backend);
    }

    private boolean isTooLong(ServiceKey key, String... texts) {
        for (String text : texts) {
            if (text.length() > MAX_TEXT) {
                report(new Problem(
                        "too-long",
                        key.toString(),
                        "'" + text.substring(0, SHOWN) + "...' has " + text.length() + " characters; a label, an id or"
                                + " a name has at most " + MAX_TEXT + ", so what carries it is left out"));
                return true;
            }
        }
        return false;
    }

    public void addNode(Ip ip) {
        nodes.add(ip);
    }

    public void report(Problem problem) {
        problems.add(problem);
    }

    /** Says why something is no backend. What an operator should mend is reported as a problem too. */
    public void exclude(Exclusion exclusion) {
        exclusions.add(exclusion);
    }

    public void addAll(Declarations other) {
        other.services().forEach((key, service) -> {
            Entry entry = entry(key);
            entry.origins.addAll(service.origins());
            service.backends().forEach(entry::add);
        });
        nodes.addAll(other.nodes());
        problems.addAll(other.problems());
        exclusions.addAll(other.exclusions());
    }

    public Declarations build() {
        TreeMap<ServiceKey, DeclaredService> built = new TreeMap<>();
        List<Exclusion> excluded = new ArrayList<>(exclusions);
        services.forEach((key, entry) -> {
            if (!entry.origins.isEmpty()) {
                built.put(
                        key,
                        new DeclaredService(key, List.copyOf(entry.origins), List.copyOf(entry.backends.values())));
                entry.shadowed.forEach(backend -> excluded.add(entry.shadowed(key, backend)));
            }
        });
        return new Declarations(built, nodes, problems, excluded);
    }

    private Entry entry(ServiceKey key) {
        return services.computeIfAbsent(key, absent -> new Entry());
    }
}
