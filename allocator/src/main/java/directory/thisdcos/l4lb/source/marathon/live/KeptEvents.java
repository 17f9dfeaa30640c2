package directory.thisdcos.l4lb.source.marathon.live;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The events that came while something is being read, for as long as that reading may need them. For one thread. */
final class KeptEvents {

    /** If more come, the oldest are lost, and what is being read must be read once more. */
    private static final int MAX_KEPT = 50_000;

    private record Kept(long number, MarathonEvent event) {}

    private final Deque<Kept> kept = new ArrayDeque<>();
    private final SortedMap<Long, Integer> readings = new TreeMap<>();
    private long number;
    private long lost = -1;

    /** Begins to keep events; returns the number of the last one before. */
    long beginReading() {
        readings.merge(number, 1, Integer::sum);
        return number;
    }

    /** Ends what {@link #beginReading} began with {@code since}. */
    void endReading(long since) {
        readings.computeIfPresent(since, (begin, count) -> count == 1 ? null : count - 1);
        long needed = readings.isEmpty() ? number : readings.firstKey();
        while (!kept.isEmpty() && kept.getFirst().number <= needed) {
            kept.removeFirst();
        }
    }

    void add(MarathonEvent event) {
        number++;
        if (!readings.isEmpty()) {
            kept.add(new Kept(number, event));
            if (kept.size() > MAX_KEPT) {
                lost = kept.removeFirst().number;
            }
        }
    }

    /** Whether some of the events after {@code since} are not here any more. */
    boolean areLost(long since) {
        return lost > since;
    }

    /** The events after {@code since} about one app or pod, or about any, oldest first. */
    List<MarathonEvent> since(long since, Optional<String> only) {
        Deque<MarathonEvent> events = new ArrayDeque<>();
        Iterator<Kept> newestFirst = kept.descendingIterator();
        while (newestFirst.hasNext()) {
            Kept one = newestFirst.next();
            if (one.number <= since) {
                break;
            }
            if (only.map(one.event.touched()::contains).orElse(true)) {
                events.addFirst(one.event);
            }
        }
        return List.copyOf(events);
    }
}
