package directory.thisdcos.l4lb.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Against a tree, which is what it stands for. */
class BackendsTest {
    private static final Backend STRANGER = new Backend(
            Endpoint.parse("10.9.9.9:9"), Optional.empty(), 1, Health.HEALTHY, "node", "http", "task", "test");
    private static final List<Health> HEALTH = List.of(Health.values());
    private static final List<String> TASKS =
            List.of("", "app.instance-1", "\u00ff\u0000", "\u0100", "\ud800 a lone surrogate", "\ud83d\ude00");

    @Test
    void itIsTheTreeOfTheSameBackends() throws Exception {
        Seeds.forEach(300, seed -> {
            Random random = new Random(seed);
            List<Backend> list = new ArrayList<>();
            TreeMap<Endpoint, Backend> tree = new TreeMap<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                Backend backend = backend(random);
                list.add(backend);
                tree.put(backend.address(), backend);
            }
            SortedMap<Endpoint, Backend> backends =
                    Backends.of(random.nextBoolean() ? list : List.copyOf(tree.values()));
            assertSame(tree, backends, random);
            Endpoint first = address(random);
            Endpoint end = address(random);
            assertSame(tree.headMap(end), backends.headMap(end), random);
            assertSame(tree.tailMap(first), backends.tailMap(first), random);
            if (first.compareTo(end) <= 0) {
                assertSame(tree.subMap(first, end), backends.subMap(first, end), random);
            } else {
                assertThrows(IllegalArgumentException.class, () -> backends.subMap(first, end));
            }
        });
    }

    private static void assertSame(
            SortedMap<Endpoint, Backend> tree, SortedMap<Endpoint, Backend> backends, Random random) {
        assertEquals(tree, backends);
        assertTrue(backends.equals(Backends.of(tree.values())));
        assertFalse(backends.equals(Backends.of(List.of(STRANGER))));
        assertEquals(tree.hashCode(), backends.hashCode());
        assertEquals(List.copyOf(tree.values()), List.copyOf(backends.values()));
        assertEquals(List.copyOf(tree.keySet()), List.copyOf(backends.keySet()));
        for (int i = 0; i < 10; i++) {
            Endpoint address = address(random);
            assertEquals(Optional.ofNullable(tree.get(address)), Optional.ofNullable(backends.get(address)));
        }
        if (tree.isEmpty()) {
            assertThrows(NoSuchElementException.class, () -> backends.firstKey().port());
            assertThrows(NoSuchElementException.class, () -> backends.lastKey().port());
        } else {
            assertEquals(tree.firstKey(), backends.firstKey());
            assertEquals(tree.lastKey(), backends.lastKey());
        }
        if (!backends.isEmpty()) {
            assertThrows(UnsupportedOperationException.class, backends.values()::clear);
            assertThrows(UnsupportedOperationException.class, () -> backends.remove(backends.firstKey()));
        }
    }

    private static Endpoint address(Random random) {
        Ip ip = random.nextBoolean() ? Ip.of("10.0.0.0") : Ip.of("fd00::");
        return new Endpoint(ip.plus(random.nextInt(3)), 80 + random.nextInt(2));
    }

    private static Backend backend(Random random) {
        return new Backend(
                address(random),
                random.nextBoolean() ? Optional.empty() : Optional.of(address(random)),
                random.nextBoolean() ? random.nextInt(3) : 65_535,
                HEALTH.get(random.nextInt(HEALTH.size())),
                "node" + random.nextInt(3),
                random.nextBoolean() ? "" : "zone",
                "http",
                TASKS.get(random.nextInt(TASKS.size())),
                "test");
    }
}
