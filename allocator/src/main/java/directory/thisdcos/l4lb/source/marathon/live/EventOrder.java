package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.HealthChanged;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.OfSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** Knows which event about one task is the newer one: the stream does not keep their order. For one thread. */
final class EventOrder {
    private static final int MAX_SUBJECTS = 20_000;

    private final Map<String, Long> newest = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_SUBJECTS;
        }
    };

    /** Whether nothing newer was seen about the same thing. */
    boolean isNews(OfSpec event) {
        if (event.time() == 0) {
            return true;
        }
        String key = (event instanceof HealthChanged ? "health " : "state ") + event.subject();
        Long known = newest.get(key);
        if (known != null && known > event.time()) {
            return false;
        }
        newest.put(key, event.time());
        return true;
    }

    /** Another leader has another clock. */
    void clear() {
        newest.clear();
    }
}
