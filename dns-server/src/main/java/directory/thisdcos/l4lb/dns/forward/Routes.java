package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who is asked for which names: the longest suffix wins. Immutable. */
final class Routes {
    private final Map<Name, Route> bySuffix;

    /** Nobody is asked for anything. */
    static final Routes NONE = new Routes(Map.of());

    private Routes(Map<Name, Route> bySuffix) {
        this.bySuffix = Map.copyOf(bySuffix);
    }

    /**
     * An upstream that several suffixes name is one resolver, so that what is learnt of it serves all; and it is the
     * resolver of the routes {@code before}, so that nothing is forgotten.
     *
     * @param found upstreams beside those of the settings
     */
    static Routes of(ForwardSettings settings, List<Upstream> found, Routes before) {
        Map<Upstream, Resolver> resolvers = new HashMap<>();
        before.all().forEach(route -> route.resolvers().forEach(each -> resolvers.put(each.upstream(), each)));
        Map<Name, Route> routes = new HashMap<>();
        settings.bySuffix().forEach((suffix, upstreams) -> put(suffix, upstreams.stream(), resolvers, routes));
        put(Name.ROOT, Stream.concat(settings.upstreams().stream(), found.stream()), resolvers, routes);
        return new Routes(routes);
    }

    private static void put(
            Name suffix, Stream<Upstream> upstreams, Map<Upstream, Resolver> resolvers, Map<Name, Route> routes) {
        List<Resolver> all = upstreams
                .distinct()
                .map(upstream -> resolvers.computeIfAbsent(upstream, Resolver::new))
                .toList();
        if (!all.isEmpty()) {
            routes.put(suffix, new Route(suffix, all));
        }
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

    @Override
    public String toString() {
        return bySuffix.values().stream()
                .map(route -> route.suffix() + "=" + route.resolvers())
                .sorted()
                .collect(Collectors.joining(" "));
    }
}
