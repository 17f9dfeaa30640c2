package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.model.Endpoint;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who is asked for which names: the longest suffix wins. Immutable. */
final class Routes {
    private final Map<Name, Route> bySuffix;

    private Routes(Map<Name, Route> bySuffix) {
        this.bySuffix = Map.copyOf(bySuffix);
    }

    /** An upstream that several suffixes name is one resolver, so that what is learnt of it serves all. */
    static Routes of(Map<Name, List<Endpoint>> upstreams) {
        Map<Endpoint, Resolver> resolvers = new HashMap<>();
        Map<Name, Route> routes = new HashMap<>();
        upstreams.forEach((suffix, addresses) -> {
            if (!addresses.isEmpty()) {
                List<Resolver> all = addresses.stream()
                        .distinct()
                        .map(address -> resolvers.computeIfAbsent(address, Resolver::new))
                        .toList();
                routes.put(suffix, new Route(suffix, all));
            }
        });
        return new Routes(routes);
    }

    /** The route for a name, or null if nobody is to be asked. */
    @Nullable Route find(Name name) {
        NameView view = new NameView();
        view.read(name.wire(), 0, name.length());
        for (int label = 0; label <= view.labels(); label++) {
            Route route = bySuffix.get(view.suffix(label));
            if (route != null) {
                return route;
            }
        }
        return null;
    }

    Collection<Route> all() {
        return bySuffix.values();
    }
}
