package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Admits so many services to the scheduler mh, which has a table of 32 KiB for each (ip_vs_mh.c: ip_vs_mh_init_svc): who has
 * it keeps it, who comes later is balanced by another until there is room. Runs on: whoever holds the engine's lock.
 */
final class MaglevLimit {
    static final String SCHEDULER = Scheduler.MH.text();

    private final int most;
    private final Set<ServiceId> waiting = new HashSet<>();

    MaglevLimit(int most) {
        this.most = most;
    }

    /**
     * What may be had of what is wanted.
     *
     * @param other the scheduler of those for which there is no room
     */
    Map<ServiceId, ServiceEntry> possible(
            Map<ServiceId, ServiceEntry> wanted, Map<ServiceId, ServiceEntry> kernel, String other) {
        Set<ServiceId> refused = refused(wanted, kernel);
        if (refused.isEmpty()) {
            return wanted;
        }
        Map<ServiceId, ServiceEntry> possible = new HashMap<>(wanted);
        possible.replaceAll((id, entry) -> refused.contains(id)
                ? new ServiceEntry(entry.service().withScheduler(other), entry.destinations())
                : entry);
        return possible;
    }

    private Set<ServiceId> refused(Map<ServiceId, ServiceEntry> wanted, Map<ServiceId, ServiceEntry> kernel) {
        Set<ServiceId> coming = new HashSet<>();
        wanted.forEach((id, entry) -> {
            if (has(entry) && !has(kernel.get(id))) {
                coming.add(id);
            }
        });
        if (!coming.isEmpty()) {
            long room = most - kernel.values().stream().filter(MaglevLimit::has).count();
            // The same on every node that begins with the same table.
            coming.stream()
                    .sorted(Comparator.comparing(ServiceId::toString))
                    .limit(Math.max(0, room))
                    .toList()
                    .forEach(coming::remove);
        }
        return coming;
    }

    private static boolean has(@Nullable ServiceEntry entry) {
        return entry != null && entry.service().scheduler().equals(SCHEDULER);
    }

    /** Takes note of who waits, after these services were written. */
    void note(
            Collection<ServiceId> written, Map<ServiceId, ServiceEntry> wanted, Map<ServiceId, ServiceEntry> possible) {
        written.forEach(id -> {
            if (has(wanted.get(id)) && !has(possible.get(id))) {
                waiting.add(id);
            } else {
                waiting.remove(id);
            }
        });
    }

    /** Those that use another scheduler meanwhile. */
    Set<ServiceId> waiting() {
        return waiting;
    }

    Optional<Problem> problem(String other) {
        return waiting.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        "scheduler-limit",
                        "IPVS scheduler " + SCHEDULER,
                        waiting.size() + " services that ask for it use " + other + ", because " + most
                                + " have its tables already; raise --ipvs-mh-memory, or give some another scheduler"));
    }
}
