package directory.thisdcos.l4lb.ipvs;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes from one scheduler to another, a few with each write. The kernel waits for an RCU grace period in each, some
 * milliseconds, and everybody else waits for it (ip_vs_ctl.c: ip_vs_edit_service, under __ip_vs_mutex): hundreds at once
 * would hold up the change of a backend for seconds. Runs on: whoever holds the engine's lock.
 */
final class SchedulerChanges {
    static final int AT_ONCE = 2;

    /** In the order in which they came. */
    private final Set<ServiceId> waiting = new LinkedHashSet<>();

    /** What of these services is to be written now: the rest keep their scheduler until it is their turn. */
    Map<ServiceId, ServiceEntry> limit(
            Map<ServiceId, ServiceEntry> kernel, Map<ServiceId, ServiceEntry> wanted, Collection<ServiceId> ids) {
        Map<ServiceId, ServiceEntry> now = wanted;
        int changes = 0;
        for (ServiceId id : ids) {
            ServiceEntry has = kernel.get(id);
            ServiceEntry shall = wanted.get(id);
            if (!isChange(has, shall) || ++changes <= AT_ONCE) {
                waiting.remove(id);
            } else if (has != null && shall != null) {
                if (now == wanted) {
                    now = new HashMap<>(wanted);
                }
                now.put(id, new ServiceEntry(has.service(), shall.destinations()));
                waiting.add(id);
            }
        }
        return now;
    }

    private static boolean isChange(@Nullable ServiceEntry has, @Nullable ServiceEntry shall) {
        if (has == null || shall == null) {
            return false;
        }
        String from = has.service().scheduler();
        String to = shall.service().scheduler();
        // From and to none there is nobody to wait for.
        return !from.equals(to) && !from.equals(KernelService.NO_SCHEDULER) && !to.equals(KernelService.NO_SCHEDULER);
    }

    /** Whose turn is next. */
    List<ServiceId> next() {
        return waiting.stream().limit(AT_ONCE).toList();
    }
}
