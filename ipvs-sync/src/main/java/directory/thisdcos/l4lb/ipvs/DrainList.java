package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Real servers that are wanted no longer: at weight 0 they keep their connections until all are over or a deadline has
 * come, then they go. Whole services that go drain the same way. UDP has no end of a connection, and a client that keeps
 * sending would stay on a server of weight 0 for ever: such a server gets only the time in which it may still answer what
 * it was asked (a server that goes takes its entries with it, and answers find none: ip_vs_conn.c:
 * ip_vs_expire_nodest_conn_flush), and with expire_nodest_conn=1 the next datagram goes to another. Times are of a clock
 * that nobody sets ({@link System#nanoTime}).
 */
final class DrainList {
    /** One look may fall between two connections of a client that opens the next when the last is closed. */
    private static final int LOOKS_UNTIL_IDLE = 2;

    private final DrainLimits limits;
    private final LongSupplier nanos;
    private final Predicate<ServiceId> isUdp;
    private final Map<ServiceId, NavigableMap<Endpoint, Drain>> drains = new HashMap<>();

    /** What an earlier run has left, until the kernel has been read. */
    private final Map<DestinationKey, Duration> remembered;

    private boolean changed;

    /** One that drains; all but {@code idleLooks} is fixed when it begins. */
    private static final class Drain {
        final KernelService service;
        final KernelDestination destination;
        final long deadline;
        int idleLooks;

        Drain(KernelService service, KernelDestination destination, long deadline) {
            this.service = service;
            this.destination = destination;
            this.deadline = deadline;
        }
    }

    /**
     * @param remembered what is left of the time of those that an earlier run began to drain
     * @param isUdp whether a service serves nothing but UDP
     */
    DrainList(
            DrainLimits limits,
            Map<DestinationKey, Duration> remembered,
            LongSupplier nanos,
            Predicate<ServiceId> isUdp) {
        this.limits = limits;
        this.remembered = new HashMap<>(remembered);
        this.nanos = nanos;
        this.isUdp = isUdp;
    }

    /** Begins to drain what the kernel has and nobody wants any more; ends it for what is wanted again. */
    void follow(ServiceId id, @Nullable ServiceEntry kernel, @Nullable ServiceEntry desired) {
        NavigableMap<Endpoint, Drain> ours = drains.getOrDefault(id, new TreeMap<>());
        if (desired != null) {
            changed |= ours.keySet().removeIf(server -> desired.destinations().containsKey(server));
        }
        if (kernel != null && !limits.of(isUdp.test(id)).isZero()) {
            kernel.destinations().forEach((server, destination) -> {
                if ((desired == null || !desired.destinations().containsKey(server)) && !ours.containsKey(server)) {
                    ours.put(server, begin(new DestinationKey(id, server), kernel.service(), destination));
                }
            });
        }
        put(id, ours);
    }

    /** Whether one of UDP drains: its end is nearer than the next look. */
    boolean hasUdp() {
        return drains.keySet().stream().anyMatch(isUdp);
    }

    private Drain begin(DestinationKey key, KernelService service, KernelDestination destination) {
        changed = true;
        Duration left = Optional.ofNullable(remembered.remove(key)).orElse(limits.of(isUdp.test(key.service())));
        return new Drain(service, destination.withWeight(0), nanos.getAsLong() + left.toNanos());
    }

    private void put(ServiceId service, NavigableMap<Endpoint, Drain> ours) {
        if (ours.isEmpty()) {
            drains.remove(service);
        } else {
            drains.put(service, ours);
        }
    }

    /** After the kernel was read for the first time: what is not there needs no draining. */
    void forgetRemembered() {
        changed |= !remembered.isEmpty();
        remembered.clear();
    }

    /** What the kernel should have: what is desired and what drains; empty if there is neither. */
    Optional<ServiceEntry> with(ServiceId id, @Nullable ServiceEntry desired) {
        NavigableMap<Endpoint, Drain> ours = drains.get(id);
        if (ours == null) {
            return Optional.ofNullable(desired);
        }
        NavigableMap<Endpoint, KernelDestination> all = new TreeMap<>();
        ours.forEach((server, drain) -> all.put(server, drain.destination));
        KernelService service = ours.values().iterator().next().service;
        if (desired != null) {
            service = desired.service();
            all.putAll(desired.destinations());
        }
        return Optional.of(new ServiceEntry(service, all));
    }

    /** Forgets those that the kernel has no more: somebody else removed them. */
    void keepOnly(Map<ServiceId, ServiceEntry> kernel) {
        for (ServiceId service : Set.copyOf(drains.keySet())) {
            ServiceEntry entry = kernel.get(service);
            NavigableMap<Endpoint, Drain> ours = new TreeMap<>(drains.get(service));
            changed |= ours.keySet()
                    .removeIf(server -> entry == null || !entry.destinations().containsKey(server));
            put(service, ours);
        }
    }

    /** Answers which of some destinations have a connection that is not over. */
    @FunctionalInterface
    interface Connections {
        Set<DestinationKey> inUse(Collection<DestinationKey> destinations) throws IOException;
    }

    /**
     * Looks whether a drain has come to its end, and ends it.
     *
     * @param shown the destinations of all {@link #services}
     * @return the services concerned
     */
    Set<ServiceId> end(Map<ServiceId, Map<Endpoint, ProcTable.Destination>> shown, Connections connections)
            throws IOException {
        List<DestinationKey> quiet = new ArrayList<>();
        Map<DestinationKey, Drain> all = new HashMap<>();
        drains.forEach((service, ours) ->
                ours.forEach((server, drain) -> all.put(new DestinationKey(service, server), drain)));
        Set<DestinationKey> idle = new HashSet<>();
        all.keySet().forEach(key -> {
            ProcTable.Destination seen =
                    shown.getOrDefault(key.service(), Map.of()).get(key.server());
            if (seen == null || seen.active() + seen.inactive() == 0) {
                idle.add(key);
            } else if (seen.active() == 0) {
                quiet.add(key);
            }
        });
        if (!quiet.isEmpty()) {
            idle.addAll(quiet);
            idle.removeAll(connections.inUse(quiet));
        }
        Set<ServiceId> ended = new HashSet<>();
        long now = nanos.getAsLong();
        all.forEach((key, drain) -> {
            drain.idleLooks = idle.contains(key) ? drain.idleLooks + 1 : 0;
            if (drain.idleLooks >= LOOKS_UNTIL_IDLE || now - drain.deadline >= 0) {
                NavigableMap<Endpoint, Drain> ours = new TreeMap<>(drains.get(key.service()));
                ours.remove(key.server());
                put(key.service(), ours);
                ended.add(key.service());
                changed = true;
            }
        });
        return ended;
    }

    boolean isEmpty() {
        return drains.isEmpty();
    }

    Set<ServiceId> services() {
        return drains.keySet();
    }

    /** All that drain, with the time that is left to each. */
    Map<DestinationKey, Duration> left() {
        Map<DestinationKey, Duration> left = new HashMap<>();
        long now = nanos.getAsLong();
        drains.forEach((service, ours) -> ours.forEach((server, drain) ->
                left.put(new DestinationKey(service, server), Duration.ofNanos(Math.max(0, drain.deadline - now)))));
        return left;
    }

    /** Whether the list has changed since this was last asked. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }
}
