package directory.thisdcos.l4lb.dns.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.Tables;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ZoneHistoryTest {
    private final DynamicZones dynamic = new DynamicZones(List.of(Ip.of("127.0.0.1")));
    private final ZoneHistory history = new ZoneHistory();

    private void serve(State state) {
        history.add(dynamic.update(state, Set.of()));
    }

    private boolean isKept(long serial) {
        return history.find(DynamicZones.ORIGIN, serial).isPresent();
    }

    /** Every service from {@code first} to {@code last} gets a port of its own for each table. */
    private static State changed(State state, int first, int last) {
        List<Change> changes = new ArrayList<>();
        for (int i = first; i < last; i++) {
            changes.add(Tables.service("svc" + i + ".marathon", 1_000 + (int) state.seq() % 50_000));
        }
        return Tables.apply(state, changes);
    }

    @Test
    void keepsWhatSmallChangesHaveReplaced() {
        State state = Tables.large(2_000);
        serve(state);
        Map<Long, Integer> sizes = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            state = changed(state, i, i + 1);
            serve(state);
            sizes.put(state.seq(), version(state.seq()).size());
        }
        assertTrue(isKept(state.seq() - 255), "256 versions");
        assertFalse(isKept(state.seq() - 256), "and no more");
        Zone newest = version(state.seq());
        for (long back = 1; back < 256; back++) {
            Zone older = version(state.seq() - back);
            assertEquals(sizes.get(state.seq() - back), older.size());
            AtomicLong differing = new AtomicLong();
            newest.forEachDifference(older, (before, after) -> differing.incrementAndGet());
            // Each version has a service more: a port's name, the empty one above it, and the service's own; and the
            // apex.
            assertEquals(3 * back + 1, differing.get(), "versions back: " + back);
        }
    }

    private Zone version(long serial) {
        return history.find(DynamicZones.ORIGIN, serial).orElseThrow();
    }

    @Test
    void keepsNoMoreThanTheZoneIsLarge() {
        State state = Tables.large(4_000);
        serve(state);
        long first = state.seq();
        state = changed(state, 0, 100);
        serve(state);
        assertTrue(isKept(first));
        for (int i = 0; i < 6; i++) {
            state = changed(state, 0, 4_000);
            serve(state);
        }
        assertTrue(isKept(state.seq()), "the one that is served");
        assertFalse(isKept(first) || isKept(state.seq() - 5), "six tables of which nothing was the same");
    }
}
