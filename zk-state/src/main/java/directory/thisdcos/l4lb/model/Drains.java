package directory.thisdcos.l4lb.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All that operators drain now. Immutable; sorted, and one of each kind and name. */
public final class Drains {
    public static final Drains NONE = new Drains(List.of());

    private final List<Drain> list;
    private final Map<String, Drain> agents = new HashMap<>();
    private final Map<String, Drain> backends = new HashMap<>();

    private Drains(List<Drain> list) {
        this.list = list;
        for (Drain drain : list) {
            if (drain.kind() == Drain.Kind.AGENT) {
                drain.names().forEach(name -> agents.putIfAbsent(name, drain));
            } else {
                backends.put(drain.what(), drain);
            }
        }
    }

    /** Of two for the same thing the last wins. */
    public static Drains of(Collection<Drain> drains) {
        Drains all = NONE;
        for (Drain drain : drains) {
            all = all.with(drain);
        }
        return all;
    }

    public List<Drain> list() {
        return list;
    }

    public Optional<Drain> find(Drain.Kind kind, String what) {
        return list.stream()
                .filter(drain -> drain.kind() == kind && drain.what().equals(what))
                .findFirst();
    }

    public Drains with(Drain drain) {
        List<Drain> next = new ArrayList<>(without(drain).list);
        next.add(drain);
        next.sort(null);
        return new Drains(List.copyOf(next));
    }

    public Drains without(Drain drain) {
        return new Drains(list.stream().filter(one -> !one.isSame(drain)).toList());
    }

    /** Why a backend is drained; empty if it is not. */
    public Optional<Drain> of(Backend backend) {
        if (list.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(agents.get(backend.node().toLowerCase(Locale.ROOT)))
                .or(() -> Optional.ofNullable(agents.get(backend.address().ip().toString())))
                .or(() -> Optional.ofNullable(backends.get(backend.address().toString())));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Drains drains && list.equals(drains.list);
    }

    @Override
    public int hashCode() {
        return list.hashCode();
    }

    @Override
    public String toString() {
        return list.toString();
    }
}
