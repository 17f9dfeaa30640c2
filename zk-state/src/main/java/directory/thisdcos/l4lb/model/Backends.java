package directory.thisdcos.l4lb.model;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Backends by address, sorted and immutable. */
// Nobody needs the twenty more methods of NavigableMap.
@SuppressWarnings("JdkObsolete")
final class Backends extends AbstractMap<Endpoint, Backend> implements SortedMap<Endpoint, Backend> {
    static final Backends NONE = new Backends(BackendRows.of(List.of()), 0, 0);

    private final BackendRows rows;
    private final int from;
    private final int to;

    private Backends(BackendRows rows, int from, int to) {
        this.rows = rows;
        this.from = from;
        this.to = to;
    }

    /** Of two with one address the last wins. */
    static Backends of(Iterable<Backend> backends) {
        return of(BackendRows.of(backends));
    }

    /** In any order; of two with one address the last wins. */
    static Backends of(BackendRows rows) {
        if (rows.isStrictlySorted()) {
            return rows.size() == 0 ? NONE : new Backends(rows, 0, rows.size());
        }
        TreeMap<Endpoint, Backend> tree = new TreeMap<>();
        new Backends(rows, 0, rows.size()).values().forEach(backend -> tree.put(backend.address(), backend));
        return of(tree.values());
    }

    /** The sum of the digests of backends of a service. */
    long digest(ServiceKey key) {
        return Digest.of(key, rows);
    }

    /** Where an address is, or -1 - where it would be. */
    private int find(Endpoint address) {
        int low = from;
        int high = to - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = rows.address(middle).compareTo(address);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1 - low;
    }

    private int firstAtOrAfter(Endpoint address) {
        int place = find(address);
        return place < 0 ? -1 - place : place;
    }

    @Override
    public @Nullable Backend get(@Nullable Object key) {
        int place = key instanceof Endpoint address ? find(address) : -1;
        return place < 0 ? null : rows.get(place);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return to - from;
    }

    @Override
    public @Nullable Comparator<? super Endpoint> comparator() {
        return null;
    }

    @Override
    public SortedMap<Endpoint, Backend> subMap(Endpoint first, Endpoint end) {
        if (first.compareTo(end) > 0) {
            throw new IllegalArgumentException(first + " is after " + end);
        }
        return new Backends(rows, firstAtOrAfter(first), firstAtOrAfter(end));
    }

    @Override
    public SortedMap<Endpoint, Backend> headMap(Endpoint end) {
        return new Backends(rows, from, firstAtOrAfter(end));
    }

    @Override
    public SortedMap<Endpoint, Backend> tailMap(Endpoint first) {
        return new Backends(rows, firstAtOrAfter(first), to);
    }

    @Override
    public Endpoint firstKey() {
        return at(from);
    }

    @Override
    public Endpoint lastKey() {
        return at(to - 1);
    }

    private Endpoint at(int place) {
        if (from == to) {
            throw new NoSuchElementException("no backend");
        }
        return rows.address(place);
    }

    @Override
    public Collection<Backend> values() {
        return new AbstractList<>() {
            @Override
            public Backend get(int index) {
                return rows.get(from + Objects.checkIndex(index, size()));
            }

            @Override
            public int size() {
                return to - from;
            }
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return (other instanceof Backends that && isAll() && that.isAll())
                ? rows.isSame(that.rows)
                : super.equals(other);
    }

    private boolean isAll() {
        return size() == rows.size();
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    @Override
    public Set<Entry<Endpoint, Backend>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<Endpoint, Backend>> iterator() {
                Iterator<Backend> backends = values().iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return backends.hasNext();
                    }

                    @Override
                    public Entry<Endpoint, Backend> next() {
                        Backend backend = backends.next();
                        return Map.entry(backend.address(), backend);
                    }
                };
            }

            @Override
            public int size() {
                return Backends.this.size();
            }
        };
    }
}
