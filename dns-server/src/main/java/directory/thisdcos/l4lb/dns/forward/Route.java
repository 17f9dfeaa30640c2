package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Name;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The upstreams for the names below one suffix, in the order in which they were given. Immutable. */
record Route(Name suffix, List<Resolver> resolvers) {
    /** Slower than the fastest by this much, and an upstream is no longer asked first. */
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    Route {
        resolvers = List.copyOf(resolvers);
    }

    /** Whom to ask, best first: as given, but the slow after the fast and the silent last. */
    List<Resolver> order() {
        if (resolvers.size() == 1) {
            return resolvers.get(0).isLooping() ? List.of() : resolvers;
        }
        long fastest = Long.MAX_VALUE;
        for (Resolver each : resolvers) {
            if (!each.isDown() && !each.isLooping()) {
                fastest = Math.min(fastest, each.smoothedNanos());
            }
        }
        long limit = fastest == Long.MAX_VALUE ? fastest : fastest + SLOW_NANOS;
        List<Resolver> order = new ArrayList<>(resolvers);
        order.removeIf(Resolver::isLooping);
        order.sort(Comparator.comparingInt(each -> rank(each, limit)));
        return order;
    }

    /** Whether an upstream is worse than another one, so that only a probe can tell when it is well again. */
    boolean isPassedOver(Resolver resolver) {
        return !order().isEmpty() && order().get(0) != resolver;
    }

    private static int rank(Resolver resolver, long limit) {
        if (resolver.isDown()) {
            return 2;
        }
        return resolver.smoothedNanos() > limit ? 1 : 0;
    }
}
