package directory.thisdcos.l4lb.store.codec;

import directory.thisdcos.l4lb.model.Balancing;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives one object for equal values of many records: a cluster has a thousand times more backends than machines, sources
 * and ways of balancing. For any number of threads.
 */
final class SharedValues {
    private static final int TEXTS_PER_SHARD = 128;

    private final Map<String, String> texts;
    private final Map<String, Balancing> balancings = new ConcurrentHashMap<>();

    /** For one record. */
    SharedValues() {
        this(1);
    }

    /** @param shards how many there are to read; what grows while all processors look stops them */
    SharedValues(int shards) {
        this.texts = new ConcurrentHashMap<>(TEXTS_PER_SHARD * shards);
    }

    String text(String text) {
        // To look does not lock; almost all are there already.
        String before = texts.get(text);
        if (before == null) {
            before = texts.putIfAbsent(text, text);
        }
        return before == null ? text : before;
    }

    /** @return null if it was not put yet */
    @Nullable Balancing balancing(String text) {
        return balancings.get(text);
    }

    void put(String text, Balancing balancing) {
        balancings.putIfAbsent(text, balancing);
    }
}
