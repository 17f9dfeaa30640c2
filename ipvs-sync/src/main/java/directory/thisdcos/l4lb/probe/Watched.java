package directory.thisdcos.l4lb.probe;

import directory.thisdcos.l4lb.model.Ip;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The neighbours that are looked at, by address, with what their probes said. One that is not a neighbour any more is
 * kept for a while, and as long as it does not answer: a machine that died leaves the list of nodes when its session
 * ends, and the witness of its death must not end with it. Pure but for the time that it is given; for one thread.
 */
final class Watched {
    /** How long a neighbour that left is still looked at; longer than it takes to fall. */
    static final Duration FAREWELL = Duration.ofSeconds(60);

    /** Of those that left, the newest count. */
    private static final int MAX_FORMER = 16;

    /** One neighbour. */
    static final class Entry {
        private final Hysteresis state;
        private Neighbour neighbour;
        private long leftNanos;
        private boolean former;

        private Entry(Neighbour neighbour, ProbeSettings settings) {
            this.neighbour = neighbour;
            this.state = new Hysteresis(settings.falls(), settings.rises());
        }

        Neighbour neighbour() {
            return neighbour;
        }

        boolean isDown() {
            return state.isDown();
        }

        boolean isFormer() {
            return former;
        }
    }

    private final ProbeSettings settings;
    private final Map<Ip, Entry> entries = new LinkedHashMap<>();

    Watched(ProbeSettings settings) {
        this.settings = settings;
    }

    /** Returns the entries that are new. */
    List<Entry> set(Collection<Neighbour> now, long nanos) {
        List<Entry> added = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (!entry.former
                    && now.stream().noneMatch(node -> node.probe().ip().equals(address(entry)))) {
                entry.former = true;
                entry.leftNanos = nanos;
            }
        }
        for (Neighbour neighbour : now) {
            Entry entry = entries.get(neighbour.probe().ip());
            if (entry == null) {
                entry = new Entry(neighbour, settings);
                entries.put(neighbour.probe().ip(), entry);
                added.add(entry);
            }
            entry.neighbour = neighbour;
            entry.former = false;
        }
        forget(nanos);
        return added;
    }

    private static Ip address(Entry entry) {
        return entry.neighbour.probe().ip();
    }

    /** Takes in a result and returns whether the witness changed. */
    boolean add(Entry entry, ProbeOutcome outcome, long nanos) {
        boolean changed = switch (outcome) {
            case ANSWERED, REFUSED -> entry.state.add(true);
            case LOST -> entry.state.add(false);
            case UNKNOWN -> false;
        };
        forget(nanos);
        return changed;
    }

    private void forget(long nanos) {
        entries.values()
                .removeIf(entry -> entry.former
                        && !entry.isDown()
                        && (!entry.state.wasUp() || nanos - entry.leftNanos > FAREWELL.toNanos()));
        while (entries.values().stream().filter(Entry::isFormer).count() > MAX_FORMER) {
            @Nullable Entry oldest = null;
            for (Entry entry : entries.values()) {
                if (entry.former && (oldest == null || entry.leftNanos - oldest.leftNanos < 0)) {
                    oldest = entry;
                }
            }
            entries.values().remove(oldest);
        }
    }

    boolean isWatched(Entry entry) {
        return entries.get(address(entry)) == entry;
    }

    boolean knows(Ip ip) {
        return entries.containsKey(ip);
    }

    /** Never changes. */
    List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** The witness: addresses that answered once and do not any more. */
    SortedSet<Ip> unreachable() {
        TreeSet<Ip> down = new TreeSet<>();
        entries.forEach((ip, entry) -> {
            if (entry.isDown()) {
                down.add(ip);
            }
        });
        return Collections.unmodifiableSortedSet(down);
    }
}
