package directory.thisdcos.l4lb.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OpenMapTest {
    /** Many keys that meet in one slot: the runs of an open-addressed table are where the mistakes are. */
    private record Key(int number, int hash) {
        static Key of(Random random) {
            int number = random.nextInt(60);
            return new Key(number, number % 7);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    @Test
    void isTheSameAsAHashMapAndItsVersionsStay() {
        long seed = Long.getLong("l4lb.seed", 5L);
        Random random = new Random(seed);
        OpenMap<Key, Integer> map = new OpenMap<>();
        Map<Key, Integer> model = new HashMap<>();
        for (int round = 0; round < 2_000; round++) {
            OpenMap<Key, Integer> older = map;
            Map<Key, Integer> olderModel = Map.copyOf(model);
            map = map.copy();
            for (int i = random.nextInt(6); i > 0; i--) {
                Key key = Key.of(random);
                if (random.nextInt(3) == 0) {
                    map.erase(key);
                    model.remove(key);
                } else {
                    Integer value = random.nextInt(3);
                    assertEquals(model.put(key, value), map.store(key, value), "seed " + seed);
                }
            }
            assertEquals(model, map, "seed " + seed);
            assertEquals(map, model, "seed " + seed);
            assertEquals(model.size(), map.entrySet().size());
            for (int i = 0; i < 60; i++) {
                Key key = new Key(i, i % 7);
                assertEquals(model.get(key), map.get(key), "seed " + seed);
            }
            assertEquals(olderModel, older, "an older version changed; seed " + seed);
            assertEquals(difference(olderModel, model), difference(older, map), "seed " + seed);
        }
    }

    /** How often each pair of values before and after is told. */
    private static Map<String, Integer> difference(OpenMap<Key, Integer> before, OpenMap<Key, Integer> after) {
        Map<String, Integer> pairs = new TreeMap<>();
        after.forEachDifference(
                before,
                (old, next) ->
                        pairs.merge(Optional.ofNullable(old) + " " + Optional.ofNullable(next), 1, Integer::sum));
        return pairs;
    }

    private static Map<String, Integer> difference(Map<Key, Integer> before, Map<Key, Integer> after) {
        Map<String, Integer> pairs = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            Key key = new Key(i, i % 7);
            Optional<Integer> old = Optional.ofNullable(before.get(key));
            Optional<Integer> next = Optional.ofNullable(after.get(key));
            if (!old.equals(next)) {
                pairs.merge(old + " " + next, 1, Integer::sum);
            }
        }
        return pairs;
    }

    @Test
    void isOnlyReadAsAMap() {
        OpenMap<String, Integer> map = new OpenMap<>();
        assertThrows(UnsupportedOperationException.class, () -> map.put("a", 1));
        assertNull(map.get("a"));
        assertNull(map.get(null));
    }
}
