package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the kernel should have: what the state asks for, and what drains. Runs on: whoever holds the engine's lock. */
final class WantedTable {
    private final DesiredTable desired;
    private final DrainList drains;
    private final Function<ServiceId, Set<ServiceId.Address>> programmed;

    /** @param programmed the places of a service that we have made, wanted or not */
    WantedTable(DesiredTable desired, DrainList drains, Function<ServiceId, Set<ServiceId.Address>> programmed) {
        this.desired = desired;
        this.drains = drains;
        this.programmed = programmed;
    }

    /** After a change of the state or of what is known of the kernel: begins and ends drains of these services. */
    void follow(Collection<ServiceId> ids, KernelMirror kernel) {
        ids.forEach(id -> drains.follow(id, kernel.get(id), desired.services().get(id)));
    }

    boolean has(ServiceId id) {
        return desired.services().containsKey(id) || drains.services().contains(id);
    }

    /** Of these services. */
    Map<ServiceId, ServiceEntry> of(Collection<ServiceId> ids) {
        Map<ServiceId, ServiceEntry> wanted = new HashMap<>();
        ids.forEach(id -> drains.with(id, desired.services().get(id)).ifPresent(entry -> wanted.put(id, entry)));
        return wanted;
    }

    /** The addresses of the state, and those where something drains. */
    LocalAddresses local(Pools pools) {
        LocalAddresses local = desired.local(pools);
        Set<Ip> draining = new HashSet<>();
        drains.services().forEach(id -> programmed.apply(id).forEach(place -> draining.add(place.ip())));
        return draining.isEmpty() ? local : local.and(draining);
    }

    /** Services that are there without a server for a new connection. */
    Set<ServiceId.Address> idle() {
        Set<ServiceId.Address> idle = new HashSet<>(desired.idle());
        places(drains.services()).filter(this::isIdle).forEach(idle::add);
        return idle;
    }

    /** What drains for a mark is met by nobody new: packets for it get the mark no more. */
    private boolean isIdle(ServiceId.Address id) {
        return desired.idle().contains(id)
                || (!id.hasAllPorts()
                        && !desired.serves(id)
                        && drains.services().contains(id));
    }

    /** Those that are idle. */
    List<ServiceId.Address> idle(Collection<ServiceId> ids) {
        return places(ids).filter(this::isIdle).toList();
    }

    List<ServiceId.Address> notIdle(Collection<ServiceId> ids) {
        return places(ids).filter(id -> !isIdle(id)).toList();
    }

    private Stream<ServiceId.Address> places(Collection<ServiceId> ids) {
        return ids.stream().flatMap(id -> programmed.apply(id).stream());
    }

    /** Idle ones that have no server in the kernel either. */
    List<ServiceId.Address> idleIn(KernelMirror kernel) {
        return idle().stream()
                .filter(id -> Optional.ofNullable(kernel.get(desired.bearer(id)))
                        .map(ServiceEntry::isIdle)
                        .orElse(true))
                .toList();
    }

    /** All services of the kernel and of the state. */
    Set<ServiceId> union(KernelMirror kernel) {
        Set<ServiceId> all = new HashSet<>(kernel.entries().keySet());
        all.addAll(desired.services().keySet());
        return all;
    }
}
