package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Our part of the kernel's table, as far as we know it: by our own writes, and by looking. */
final class KernelMirror {
    /** More than that and one dump of all is cheaper. */
    private static final int MANY = 500;

    private final IpvsTable table;
    private final Supplier<Collection<ServiceId>> hidden;
    private final Map<ServiceId, ServiceEntry> entries = new HashMap<>();
    private final Set<ServiceId> changed = new HashSet<>();

    /** What the kernel showed when it had exactly these entries; null after one of them has changed. */
    private @Nullable Map<ServiceId, ProcTable.Service> asKnown;

    /** Shown beside them. */
    private List<ServiceId> foreign = List.of();

    private Iterator<ServiceId> turn = List.<ServiceId>of().iterator();

    /**
     * @param hidden services with options that /proc does not show: reading all reads these exactly
     */
    KernelMirror(IpvsTable table, Supplier<Collection<ServiceId>> hidden) {
        this.table = table;
        this.hidden = hidden;
    }

    Map<ServiceId, ServiceEntry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    @Nullable ServiceEntry get(ServiceId id) {
        return entries.get(id);
    }

    /** After a write. */
    void set(ServiceId id, Optional<ServiceEntry> entry) {
        asKnown = null;
        entry.ifPresentOrElse(now -> entries.put(id, now), () -> entries.remove(id));
    }

    /** Services that looking or reading has found otherwise than they were known, since this was last asked. */
    Set<ServiceId> takeChanged() {
        Set<ServiceId> taken = new HashSet<>(changed);
        changed.clear();
        return taken;
    }

    /** Forgets what it knew and reads everything. */
    void readAll(Predicate<ServiceId> ours) throws NetlinkException {
        asKnown = null;
        Map<ServiceId, ServiceEntry> kernel = table.read();
        kernel.keySet().removeIf(ours.negate());
        changed.addAll(entries.keySet());
        changed.addAll(kernel.keySet());
        entries.clear();
        entries.putAll(kernel);
        Set<ServiceId> exactly = new HashSet<>(hidden.get());
        exactly.retainAll(kernel.keySet());
        table.readExactly(exactly, entries);
    }

    /**
     * Looks at the whole table through /proc and reads exactly what does not look as we know it. What /proc does not show
     * (see {@link ProcTable}) is found by {@link #readTurn}.
     */
    void look(Predicate<ServiceId> ours) throws NetlinkException {
        try {
            lookAtProc(ours);
        } catch (NetlinkException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
            // The module went, or came back with another family number: reading all loads and finds it.
            readAll(ours);
        }
    }

    private void lookAtProc(Predicate<ServiceId> ours) throws NetlinkException {
        Map<ServiceId, ProcTable.Service> shown = table.showTable();
        Set<ServiceId> strange = new HashSet<>();
        // Whether a service of somebody else is ours by now is asked each time: Strangers counts that.
        if (shown == asKnown && foreign.stream().noneMatch(ours)) {
            readExactly(sentinels());
            return;
        }
        for (Map.Entry<ServiceId, ProcTable.Service> seen : shown.entrySet()) {
            ServiceEntry known = entries.get(seen.getKey());
            if (known == null ? ours.test(seen.getKey()) : !seen.getValue().shows(known)) {
                strange.add(seen.getKey());
            }
        }
        List<ServiceId> gone = entries.keySet().stream()
                .filter(id -> id instanceof ServiceId.Address && !shown.containsKey(id))
                .toList();
        changed.addAll(gone);
        entries.keySet().removeAll(gone);
        boolean known = strange.isEmpty() && gone.isEmpty();
        strange.addAll(sentinels());
        strange.addAll(marks());
        if (strange.size() > MANY) {
            readAll(ours);
        } else {
            readExactly(strange);
        }
        asKnown = known ? shown : null;
        foreign = shown.keySet().stream().filter(id -> !entries.containsKey(id)).toList();
    }

    private static List<ServiceId> sentinels() {
        return Sentinel.entries(true).stream()
                .map(entry -> entry.service().id())
                .toList();
    }

    /** Those that /proc does not tell apart. */
    private List<ServiceId> marks() {
        return entries.keySet().stream()
                .filter(ServiceId.Mark.class::isInstance)
                .toList();
    }

    /** Reads the next services in turn with every field. */
    void readTurn(int services) throws NetlinkException {
        if (!turn.hasNext()) {
            turn = List.copyOf(entries.keySet()).iterator();
        }
        List<ServiceId> some = new ArrayList<>();
        while (turn.hasNext() && some.size() < services) {
            some.add(turn.next());
        }
        readExactly(some);
    }

    void readExactly(Collection<ServiceId> ids) throws NetlinkException {
        Map<ServiceId, ServiceEntry> before = new HashMap<>();
        ids.forEach(id -> Optional.ofNullable(entries.get(id)).ifPresent(entry -> before.put(id, entry)));
        table.readExactly(ids, entries);
        for (ServiceId id : ids) {
            if (!Objects.equals(before.get(id), entries.get(id))) {
                changed.add(id);
                asKnown = null;
            }
        }
    }
}
