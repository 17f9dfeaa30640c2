package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.source.DeclaredService;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Remembers how often backends became unhealthy, and says which are held back for it. It never delays a fall, only the
 * return. For one thread; times are milliseconds since the epoch.
 */
final class FlapDamper {
    private record Id(ServiceKey key, Endpoint address) {}

    private record Release(long at, Id id) {}

    private final FlapSettings settings;
    private final Map<Id, ArrayDeque<Long>> falls = new HashMap<>();
    private final PriorityQueue<Release> releases =
            new PriorityQueue<>((one, other) -> Long.compare(one.at(), other.at()));

    FlapDamper(FlapSettings settings) {
        this.settings = settings;
    }

    /** Compares two reports of one unit about one service. */
    void observe(DeclaredService before, DeclaredService after, long now) {
        if (settings.falls() == 0) {
            return;
        }
        Map<Endpoint, Backend> old = new HashMap<>();
        before.backends().forEach(backend -> old.put(backend.address(), backend));
        for (Backend backend : after.backends()) {
            Backend was = old.get(backend.address());
            // A task that is being killed falls once, and for ever.
            if (was != null
                    && was.health().eligible()
                    && !backend.health().eligible()
                    && was.task().equals(backend.task())) {
                fell(new Id(after.key(), backend.address()), now);
            }
        }
    }

    private void fell(Id id, long now) {
        ArrayDeque<Long> times = falls.computeIfAbsent(id, absent -> new ArrayDeque<>());
        times.addLast(now);
        if (times.size() > settings.falls()) {
            times.removeFirst();
        }
        long window = settings.window().toMillis();
        long hold = settings.hold().toMillis();
        releases.add(new Release(now + hold, id));
        releases.add(new Release(now + Math.max(hold, window), id));
    }

    /** Whether a backend that looks healthy gets no new connections yet. */
    boolean holds(ServiceKey key, Endpoint address, long now) {
        ArrayDeque<Long> times = falls.get(new Id(key, address));
        return times != null && isHeld(times, now);
    }

    private boolean isHeld(ArrayDeque<Long> times, long now) {
        return times.size() == settings.falls()
                && times.getLast() - times.getFirst() <= settings.window().toMillis()
                && now < times.getLast() + settings.hold().toMillis();
    }

    /** When a hold may end next; the end of time if there is none. */
    long nextRelease() {
        Release next = releases.peek();
        return next == null ? Long.MAX_VALUE : next.at();
    }

    /** The services of which a hold may have ended by now; each is told once. */
    Collection<ServiceKey> released(long now) {
        Set<ServiceKey> released = new HashSet<>();
        while (!releases.isEmpty() && releases.peek().at() <= now) {
            Id id = releases.remove().id();
            released.add(id.key());
            ArrayDeque<Long> times = falls.get(id);
            boolean isOld = times != null
                    && now - times.getLast() >= settings.window().toMillis()
                    && now - times.getLast() >= settings.hold().toMillis();
            if (isOld) {
                falls.remove(id);
            }
        }
        return released;
    }
}
