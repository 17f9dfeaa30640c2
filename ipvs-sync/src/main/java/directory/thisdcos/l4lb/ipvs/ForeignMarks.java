package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.NetlinkException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Firewall marks that are wanted and for which somebody else has made a service in the kernel: to take it would be to send
 * his packets to our servers. Runs on: whoever holds the engine's lock.
 */
final class ForeignMarks {
    private final IpvsTable table;
    private final Predicate<ServiceId> ours;
    private Set<ServiceId.Mark> found = Set.of();

    /** @param ours what we have made, or are about to */
    ForeignMarks(IpvsTable table, Predicate<ServiceId> ours) {
        this.table = table;
        this.ours = ours;
    }

    Set<ServiceId.Mark> found() {
        return found;
    }

    /** Looks at these that are wanted, and at those that were found; whether that differs from what was found. */
    boolean look(Collection<ServiceId> wanted) throws NetlinkException {
        Set<ServiceId.Mark> now = new HashSet<>(found);
        wanted.forEach(id -> {
            if (id instanceof ServiceId.Mark mark && !ours.test(mark)) {
                now.add(mark);
            }
        });
        for (ServiceId.Mark mark : Set.copyOf(now)) {
            if (table.readExactly(mark).isEmpty()) {
                now.remove(mark);
            }
        }
        boolean changed = !now.equals(found);
        found = Set.copyOf(now);
        return changed;
    }
}
