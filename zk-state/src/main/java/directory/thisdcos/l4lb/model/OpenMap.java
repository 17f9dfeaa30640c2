package directory.thisdcos.l4lb.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map in one array, which is copied without looking at its keys: a new version of a shard of the table costs a tenth of
 * what a hash map's does, and half of the memory. Whoever has copied it may change it until others see it; the methods of
 * {@link Map} only read.
 */
final class OpenMap<K, V> extends AbstractMap<K, V> {
    private static final int MIN_SLOTS = 4;
    private static final int SPREAD = 0x9e3779b9;

    /** Key and value in turn, a power of two of slots, at most half of them used: linear probing. */
    private @Nullable Object[] slots;

    private int size;

    OpenMap() {
        this(new @Nullable Object[2 * MIN_SLOTS], 0);
    }

    private OpenMap(@Nullable Object[] slots, int size) {
        this.slots = slots;
        this.size = size;
    }

    /** Empty, with room for so many. */
    static <K, V> OpenMap<K, V> sized(int count) {
        int slots = Math.max(MIN_SLOTS, Integer.highestOneBit(Math.max(1, count)) * 4);
        return new OpenMap<>(new @Nullable Object[2 * slots], 0);
    }

    OpenMap<K, V> copy() {
        return new OpenMap<>(slots.clone(), size);
    }

    /** Where a key is, or would go. */
    private static int slot(@Nullable Object[] slots, Object key) {
        int mask = slots.length - 2;
        int slot = ((key.hashCode() * SPREAD) >>> 8) & mask;
        while (true) {
            Object there = slots[slot];
            if (there == null || there.equals(key)) {
                return slot;
            }
            slot = (slot + 2) & mask;
        }
    }

    // What is in the array came in by store.
    @SuppressWarnings("unchecked")
    private K key(int slot) {
        Object key = slots[slot];
        if (key == null) {
            throw new NoSuchElementException();
        }
        return (K) key;
    }

    @SuppressWarnings("unchecked")
    private @Nullable V value(int slot) {
        return (V) slots[slot + 1];
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        return key == null ? null : value(slot(slots, key));
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return size;
    }

    /** Returns what it replaces, or null. */
    @Nullable V store(K key, V value) {
        int slot = slot(slots, key);
        V before = value(slot);
        slots[slot] = key;
        slots[slot + 1] = value;
        if (before == null && ++size * 4 > slots.length) {
            grow();
        }
        return before;
    }

    private void grow() {
        @Nullable Object[] larger = new @Nullable Object[2 * slots.length];
        for (int i = 0; i < slots.length; i += 2) {
            Object key = slots[i];
            if (key != null) {
                int slot = slot(larger, key);
                larger[slot] = key;
                larger[slot + 1] = slots[i + 1];
            }
        }
        slots = larger;
    }

    void erase(K key) {
        int mask = slots.length - 2;
        int slot = slot(slots, key);
        if (slots[slot] == null) {
            return;
        }
        size--;
        slots[slot] = null;
        slots[slot + 1] = null;
        // What had to go past it must be found without it.
        for (int next = (slot + 2) & mask; slots[next] != null; next = (next + 2) & mask) {
            Object moved = slots[next];
            Object value = slots[next + 1];
            slots[next] = null;
            slots[next + 1] = null;
            if (moved != null) {
                int to = slot(slots, moved);
                slots[to] = moved;
                slots[to + 1] = value;
            }
        }
    }

    /** Calls {@code visitor} for each key whose value is not equal in both; null where it is absent. */
    void forEachDifference(OpenMap<K, V> older, BiConsumer<@Nullable V, @Nullable V> visitor) {
        for (int i = 0; i < older.slots.length; i += 2) {
            if (older.slots[i] != null && !isShared(older, i) && !containsKey(older.key(i))) {
                visitor.accept(older.value(i), null);
            }
        }
        for (int i = 0; i < slots.length; i += 2) {
            if (slots[i] == null || isShared(older, i)) {
                continue;
            }
            V value = value(i);
            V before = older.get(key(i));
            if (value != null && !value.equals(before)) {
                visitor.accept(before, value);
            }
        }
    }

    /** Whether both have the same key and value at a place: most of them, and no key is looked at. */
    private boolean isShared(OpenMap<K, V> other, int slot) {
        return slots.length == other.slots.length
                && slots[slot] == other.slots[slot]
                && slots[slot + 1] == other.slots[slot + 1];
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<K, V>> {
        private int slot = used(0);

        private int used(int from) {
            int at = from;
            while (at < slots.length && slots[at] == null) {
                at += 2;
            }
            return at;
        }

        @Override
        public boolean hasNext() {
            return slot < slots.length;
        }

        @Override
        public Map.Entry<K, V> next() {
            V value = hasNext() ? value(slot) : null;
            if (value == null) {
                throw new NoSuchElementException();
            }
            Map.Entry<K, V> entry = Map.entry(key(slot), value);
            slot = used(slot + 2);
            return entry;
        }
    }
}
