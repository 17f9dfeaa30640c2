package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.reach.ReachVerdict;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.DeclaredService;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.api.ServiceDocument;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What all sources say now, what may be concluded from their silence, and what changed since it was last asked. For one
 * thread.
 *
 * <p>Until every configured source told everything, or the grace for it is over, nothing is withdrawn that no source
 * mentioned since the start. After that a source that never told everything still keeps its own part.
 */
final class Inventory {

    /** What changed: targets, sources with other problems or exclusions, and addresses that became, or stopped being, in use. */
    record Touched(boolean everything, Set<Target> targets, Set<String> problems, Set<Ip> addresses) {}

    private final Set<String> configured;
    private final FlapDamper damper;
    private final SortedMap<String, SourceTable> tables = new TreeMap<>();
    private final Map<String, HeldUpdates> frozen = new HashMap<>();
    private final Set<String> forgotten = new HashSet<>();
    private final Map<Target, Map<ServiceKey, Integer>> keys = new HashMap<>();
    private final Map<Ip, Integer> inUse = new HashMap<>();
    private boolean settled;
    private ReachVerdict reach = ReachVerdict.NONE;
    private Drains drains = Drains.NONE;

    private boolean everything = true;
    private Set<Target> targets = new HashSet<>();
    private Set<String> problems = new HashSet<>();
    private Set<Ip> addresses = new HashSet<>();

    /** Nothing said yet by any of the configured sources. */
    Inventory(Set<String> configured, FlapDamper damper) {
        this.configured = Set.copyOf(configured);
        this.damper = damper;
        configured.forEach(source -> tables.put(source, new SourceTable()));
        tables.put(ServiceDocument.SOURCE, new SourceTable());
    }

    /** Takes a step; one of a source that is not configured does not count, and one of a frozen source waits. */
    void apply(SourceUpdate update, long now) {
        SourceTable table = tables.get(update.source());
        HeldUpdates held = frozen.get(update.source());
        if (table == null) {
            return;
        }
        if (held != null) {
            held.add(update);
            return;
        }
        boolean wasComplete = table.isComplete();
        table.apply(update, (before, after) -> changed(update.source(), before, after, now));
        forgotten.remove(update.source());
        if (table.isComplete() && !wasComplete) {
            everything = true;
            if (settled) {
                table.forgetMentions();
            } else {
                settle(configured.stream()
                        .allMatch(source -> table(source).orElseThrow().isComplete()));
            }
        }
    }

    private void changed(String source, Declarations before, Declarations after, long now) {
        if (!before.problems().equals(after.problems()) || !before.exclusions().equals(after.exclusions())) {
            problems.add(source);
        }
        before.services().forEach((key, service) -> {
            if (!service.equals(after.services().get(key))) {
                targets.add(key.target());
            }
            count(key, -1);
            service.backends().forEach(backend -> use(backend.address().ip(), -1));
            service.backends().forEach(backend -> backend.container().ifPresent(inner -> use(inner.ip(), -1)));
        });
        after.services().forEach((key, service) -> {
            DeclaredService old = before.services().get(key);
            if (!service.equals(old)) {
                targets.add(key.target());
                if (old != null) {
                    damper.observe(old, service, now);
                }
            }
            count(key, 1);
            service.backends().forEach(backend -> use(backend.address().ip(), 1));
            service.backends().forEach(backend -> backend.container().ifPresent(inner -> use(inner.ip(), 1)));
        });
        before.nodes().forEach(ip -> use(ip, -1));
        after.nodes().forEach(ip -> use(ip, 1));
    }

    private void count(ServiceKey key, int by) {
        Map<ServiceKey, Integer> ofTarget = keys.computeIfAbsent(key.target(), absent -> new TreeMap<>());
        if (ofTarget.merge(key, by, Integer::sum) == 0) {
            ofTarget.remove(key);
            if (ofTarget.isEmpty()) {
                keys.remove(key.target());
            }
        }
    }

    private void use(Ip ip, int by) {
        int users = inUse.merge(ip, by, Integer::sum);
        if (users == 0) {
            inUse.remove(ip);
        }
        if (users == 0 || users == by) {
            addresses.add(ip);
        }
    }

    /** Whether there is one at all: a process that asks nobody knows nothing, and must not withdraw what others know. */
    private void settle(boolean isOver) {
        if (!settled && isOver && !configured.isEmpty()) {
            settled = true;
            everything = true;
            tables.values().stream().filter(SourceTable::isComplete).forEach(SourceTable::forgetMentions);
        }
    }

    /** Waits no longer for sources that have not told everything. */
    void endGrace() {
        settle(true);
    }

    /** Whether silence counts: every source told everything, or the grace for it is over. */
    boolean isSettled() {
        return settled;
    }

    /** What changed since the last call. */
    Touched touched() {
        Touched touched = new Touched(everything, targets, problems, addresses);
        everything = false;
        targets = new HashSet<>();
        problems = new HashSet<>();
        addresses = new HashSet<>();
        return touched;
    }

    /** Marks a target as changed. */
    void touch(Target target) {
        targets.add(target);
    }

    /** Sets which machines are gone, and marks the targets with backends for which that changes something. */
    void judge(ReachVerdict verdict, Collection<Target> changed) {
        reach = verdict;
        targets.addAll(changed);
    }

    ReachVerdict reach() {
        return reach;
    }

    /** Sets what operators drain, and marks the targets with backends for which that changes something. */
    void drain(Drains next, Collection<Target> changed) {
        drains = next;
        targets.addAll(changed);
    }

    Drains drains() {
        return drains;
    }

    /** Holds back what the source says from now on, or lets all of it take effect. */
    void freeze(String source, boolean isFrozen, long now) {
        if (isFrozen) {
            frozen.putIfAbsent(source, new HeldUpdates());
            return;
        }
        HeldUpdates held = frozen.remove(source);
        if (held != null) {
            apply(held.fold(source), now);
        }
    }

    /** Drops all that a source said and all that the table has of it, until it says something again. */
    void forget(String source, long now) {
        frozen.remove(source);
        apply(SourceUpdate.whole(source, true, Map.of(), System.nanoTime()), now);
        forgotten.add(source);
        everything = true;
    }

    /** Number of units that wait while the source is frozen; empty if it is not. */
    Optional<Integer> held(String source) {
        return Optional.ofNullable(frozen.get(source)).map(HeldUpdates::size);
    }

    Optional<SourceTable> table(String source) {
        return Optional.ofNullable(tables.get(source));
    }

    SortedMap<String, SourceTable> tables() {
        return tables;
    }

    Set<String> configured() {
        return new TreeSet<>(configured);
    }

    Set<Target> targets() {
        return keys.keySet();
    }

    /** The services of a target that a source declares, in order. */
    List<ServiceKey> keys(Target target) {
        return List.copyOf(keys.getOrDefault(target, Map.of()).keySet());
    }

    /** What all units of all sources say of a service, in no order. */
    Stream<DeclaredService> declared(ServiceKey key) {
        return tables.values().stream().flatMap(table -> table.declared(key).stream());
    }

    FlapDamper damper() {
        return damper;
    }

    /** Whether a service that a source declared in the table stays although the source does not declare it now. */
    boolean keeps(String source, ServiceKey key) {
        return !isFinal(source)
                && !table(source).map(table -> table.mentions(key)).orElse(false);
    }

    /** The same for a backend. */
    boolean keeps(String source, ServiceKey key, Endpoint backend) {
        return !isFinal(source)
                && !table(source).map(table -> table.mentions(key, backend)).orElse(false);
    }

    private boolean isFinal(String source) {
        return forgotten.contains(source)
                || (settled && table(source).map(SourceTable::isComplete).orElse(true));
    }
}
