package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.SourceSink;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.marathon.RunSpec;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.OfSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What Marathon has, as far as it is known, and the only one that tells the sink. Safe for every thread.
 *
 * <p>Whoever reads something of Marathon says so before ({@link #beginReading}): an event that comes meanwhile may be
 * newer than the answer, so it has its effect on the answer again.
 */
final class MarathonMirror {

    private final String source;
    private final HostAddresses hosts;
    private final SourceSink sink;
    private final Map<String, RunSpec> specs = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final EventOrder order = new EventOrder();
    private final KeptEvents kept = new KeptEvents();
    private final Set<String> changed = new TreeSet<>();
    private final Set<String> gone = new TreeSet<>();
    private long changedSince;
    private boolean synced;
    private boolean impaired;
    private boolean complete;

    MarathonMirror(String source, HostAddresses hosts, SourceSink sink) {
        this.source = source;
        this.hosts = hosts;
        this.sink = sink;
    }

    /** Begins to keep events; returns the number of the last one before. */
    synchronized long beginReading() {
        return kept.beginReading();
    }

    /** Ends what {@link #beginReading} began with {@code since}. */
    synchronized void endReading(long since) {
        kept.endReading(since);
    }

    /** Another stream begins, perhaps of another leader. */
    synchronized void newStream() {
        order.clear();
    }

    synchronized boolean isSynced() {
        return synced;
    }

    synchronized int size() {
        return specs.size();
    }

    synchronized boolean isPod(String id) {
        RunSpec spec = specs.get(id);
        return spec != null && spec.isPod();
    }

    /** The apps and pods of a group. */
    synchronized Set<String> inGroup(String group) {
        String prefix = group.endsWith("/") ? group : group + "/";
        Set<String> found = new TreeSet<>();
        specs.keySet().stream().filter(id -> id.startsWith(prefix)).forEach(found::add);
        return found;
    }

    /** An event takes effect; it is told at the next {@link #flush}. */
    synchronized void event(MarathonEvent event, long receivedNanos) {
        kept.add(event);
        if (event instanceof OfSpec ofSpec) {
            RunSpec before = specs.get(ofSpec.spec());
            RunSpec after = before == null || !order.isNews(ofSpec) ? before : EventEffect.on(before, ofSpec);
            if (after != before && after != null) {
                specs.put(after.id(), after);
                mark(changed, after.id(), receivedNanos);
            }
        }
    }

    private void mark(Set<String> set, String id, long receivedNanos) {
        if (changed.isEmpty() && gone.isEmpty()) {
            changedSince = receivedNanos;
        }
        set.add(id);
    }

    /**
     * Takes all that was read after {@code since}, and tells it.
     *
     * @return what has to be read again, because events came meanwhile
     */
    synchronized Set<String> snapshot(Snapshot read, long since, long receivedNanos) {
        Map<String, RunSpec> fresh = new HashMap<>(read.specs());
        specs.forEach((id, known) -> {
            RunSpec now = fresh.get(id);
            if (now == null && read.impaired()) {
                fresh.put(id, known);
            } else if (now != null && now.tasksMissing()) {
                fresh.put(id, now.withTasks(known.tasks()));
            }
        });
        specs.clear();
        specs.putAll(fresh);
        fresh.clear();
        Set<String> again = replay(Optional.empty(), since);
        changed.clear();
        gone.clear();
        synced = true;
        impaired = read.impaired();
        complete |= !impaired && allResolved();
        Map<String, Declarations> units = new HashMap<>();
        specs.values().forEach(spec -> {
            Declarations declared = declarations(spec);
            if (!declared.equals(Declarations.NONE)) {
                units.put(spec.id(), declared);
            }
        });
        told.clear();
        told.addAll(units.keySet());
        // What could not be read may exist, so nothing that is missing is gone.
        sink.accept(
                impaired
                        ? new SourceUpdate(source, false, complete, units, Set.of(), receivedNanos)
                        : SourceUpdate.whole(source, complete, units, receivedNanos));
        return again;
    }

    /**
     * Takes one app or pod that was read after {@code since}; empty if it does not exist.
     *
     * @return whether it has to be read again
     */
    synchronized boolean one(String id, Optional<RunSpec> read, long since, long receivedNanos) {
        RunSpec known = specs.get(id);
        if (read.isEmpty()) {
            if (known != null) {
                specs.remove(id);
                changed.remove(id);
                mark(gone, id, receivedNanos);
            }
        } else {
            RunSpec now = read.get();
            specs.put(id, now.tasksMissing() && known != null ? now.withTasks(known.tasks()) : now);
            gone.remove(id);
            mark(changed, id, receivedNanos);
        }
        boolean again = !replay(Optional.of(id), since).isEmpty();
        flush();
        return again;
    }

    /** Lets the events since then have their effect on what was read; returns the apps and pods of which they tell. */
    private Set<String> replay(Optional<String> only, long since) {
        Set<String> again = new TreeSet<>();
        if (kept.areLost(since)) {
            again.addAll(only.map(Set::of).orElseGet(() -> Set.copyOf(specs.keySet())));
        }
        for (MarathonEvent event : kept.since(since, only)) {
            again.addAll(only.map(Set::of).orElseGet(event::touched));
            replay(event, only);
        }
        return again;
    }

    private void replay(MarathonEvent event, Optional<String> only) {
        if (event instanceof OfSpec ofSpec && only.map(ofSpec.spec()::equals).orElse(true)) {
            specs.computeIfPresent(ofSpec.spec(), (id, spec) -> EventEffect.on(spec, ofSpec));
        }
    }

    /** Some hosts have an address now, or another one. */
    synchronized void hostsChanged(Set<String> names) {
        long now = System.nanoTime();
        for (RunSpec spec : specs.values()) {
            if (spec.tasks().values().stream().anyMatch(task -> names.contains(task.host()))) {
                mark(changed, spec.id(), now);
            }
        }
        flush();
    }

    /** Tells what changed since the last time. */
    synchronized void flush() {
        if (!synced || (changed.isEmpty() && gone.isEmpty())) {
            return;
        }
        complete |= !impaired && (complete || allResolved());
        Map<String, Declarations> units = new HashMap<>();
        Set<String> over = new TreeSet<>();
        gone.forEach(id -> over(id, over));
        for (String id : changed) {
            RunSpec spec = specs.get(id);
            Declarations declared = spec == null ? Declarations.NONE : declarations(spec);
            if (declared.equals(Declarations.NONE)) {
                over(id, over);
            } else {
                units.put(id, declared);
                told.add(id);
            }
        }
        changed.clear();
        gone.clear();
        if (!units.isEmpty() || !over.isEmpty()) {
            sink.accept(new SourceUpdate(source, false, complete, units, over, changedSince));
        }
    }

    private void over(String id, Set<String> over) {
        if (told.remove(id)) {
            over.add(id);
        }
    }

    private Declarations declarations(RunSpec spec) {
        DeclarationBuilder out = new DeclarationBuilder();
        spec.declare(source, hosts, out);
        return out.build();
    }

    /**
     * Whether every agent has an address. Until then a backend of an earlier run may exist that cannot be named yet, so
     * the source is not complete.
     */
    private boolean allResolved() {
        return specs.values().stream()
                .filter(RunSpec::hasVips)
                .flatMap(spec -> spec.tasks().values().stream())
                .allMatch(
                        task -> !task.isBackend() || hosts.resolve(task.host()).isPresent());
    }
}
