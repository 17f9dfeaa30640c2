package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.source.SourceSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all sources say now, and what may be concluded from their silence. Immutable.
 *
 * <p>A source that has not seen everything since it started is silent about things that still exist: those stay. Once it
 * mentioned something and then does not any more, that is gone even before the source is complete.
 */
final class Inventory {

    /** A source's newest snapshot; while it is incomplete, also all that it ever mentioned. */
    private record Voice(SourceSnapshot snapshot, Map<ServiceKey, Set<Endpoint>> mentioned) {}

    private final Set<String> configured;
    private final SortedMap<String, Voice> voices;

    private Inventory(Set<String> configured, SortedMap<String, Voice> voices) {
        this.configured = configured;
        this.voices = voices;
    }

    /** Nothing said yet by any of the configured sources. */
    static Inventory of(Set<String> configured) {
        return new Inventory(Set.copyOf(configured), new TreeMap<>());
    }

    /** With a newer snapshot; one of a source that is not configured does not count. */
    Inventory with(SourceSnapshot snapshot) {
        if (!configured.contains(snapshot.source())) {
            return this;
        }
        Voice before = voices.get(snapshot.source());
        // A source that was complete once has told of everything there was.
        boolean complete = snapshot.complete() || (before != null && before.snapshot.complete());
        SourceSnapshot now = new SourceSnapshot(snapshot.source(), complete, snapshot.declarations());
        Map<ServiceKey, Set<Endpoint>> mentioned = new HashMap<>();
        if (!complete) {
            if (before != null) {
                mentioned.putAll(before.mentioned);
            }
            now.declarations().services().forEach((key, service) -> {
                Set<Endpoint> addresses = new HashSet<>(mentioned.getOrDefault(key, Set.of()));
                service.backends().forEach(backend -> addresses.add(backend.address()));
                mentioned.put(key, addresses);
            });
        }
        SortedMap<String, Voice> next = new TreeMap<>(voices);
        next.put(snapshot.source(), new Voice(now, mentioned));
        return new Inventory(configured, next);
    }

    Iterable<SourceSnapshot> snapshots() {
        return voices.values().stream().map(Voice::snapshot).toList();
    }

    Optional<SourceSnapshot> snapshot(String source) {
        return Optional.ofNullable(voices.get(source)).map(Voice::snapshot);
    }

    Set<String> configured() {
        return new TreeSet<>(configured);
    }

    boolean isComplete(String source) {
        Voice voice = voices.get(source);
        return voice != null && voice.snapshot.complete();
    }

    /** False without any source: a process that asks nobody knows nothing, and must not withdraw what others know. */
    boolean allComplete() {
        return !configured.isEmpty() && configured.stream().allMatch(this::isComplete);
    }

    /** Whether a service that a source declared in the table stays although the source does not declare it now. */
    boolean keeps(String source, ServiceKey key) {
        Voice voice = voices.get(source);
        if (!configured.contains(source)) {
            return !allComplete();
        }
        return voice == null || (!voice.snapshot.complete() && !voice.mentioned.containsKey(key));
    }

    /** The same for a backend. */
    boolean keeps(String source, ServiceKey key, Endpoint backend) {
        Voice voice = voices.get(source);
        if (voice == null || voice.snapshot.complete() || !configured.contains(source)) {
            return keeps(source, key);
        }
        return !voice.mentioned.getOrDefault(key, Set.of()).contains(backend);
    }
}
