package directory.thisdcos.l4lb.dns.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The questions under way. Those who ask the same thing wait for the same exchange, which spares the upstream and leaves
 * a forger one chance instead of many (RFC 5452 §5). Bounded in questions and in those who wait.
 */
final class Flights {
    private static final int MAX_QUESTIONS = 4_096;
    private static final int MAX_WAITING = 16_384;

    private final ConcurrentMap<QuestionKey, List<Consumer<Outcome>>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger waiters = new AtomicInteger();

    /** What became of a request to wait. */
    enum Place {
        /** The first: the exchange is to be started. */
        FIRST,
        /** The exchange is under way. */
        JOINED,
        /** There is no room. */
        FULL
    }

    /** Waits for the answer to a question; nobody waits if {@code client} is null. */
    Place join(QuestionKey key, @Nullable Consumer<Outcome> client) {
        if (waiters.incrementAndGet() > MAX_WAITING) {
            waiters.decrementAndGet();
            return Place.FULL;
        }
        Place[] place = {Place.JOINED};
        waiting.compute(key, (same, clients) -> {
            List<Consumer<Outcome>> all = clients;
            if (all == null) {
                if (waiting.size() >= MAX_QUESTIONS) {
                    place[0] = Place.FULL;
                    return null;
                }
                place[0] = Place.FIRST;
                all = new ArrayList<>(1);
            }
            if (client != null) {
                all.add(client);
            }
            return all;
        });
        if (client == null || place[0] == Place.FULL) {
            waiters.decrementAndGet();
        }
        return place[0];
    }

    /** Tells everybody who waits; who comes after this begins anew. */
    void land(QuestionKey key, Outcome outcome) {
        List<Consumer<Outcome>> clients = waiting.remove(key);
        if (clients != null) {
            waiters.addAndGet(-clients.size());
            clients.forEach(client -> client.accept(outcome));
        }
    }

    /** Clients that wait. */
    int waiters() {
        return waiters.get();
    }

    /** Questions under way. */
    int questions() {
        return waiting.size();
    }
}
