package directory.thisdcos.l4lb.history;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Says in words what is different of one target between two tables. */
final class Differences {
    /** Backends, owners or sources that are named; of more there is only the number. */
    static final int MAX_NAMED = 3;

    private final List<Difference> found = new ArrayList<>();

    private Differences() {}

    /** @param old null if it was not there, {@code current} if it is not any more */
    static List<Difference> between(@Nullable Vip old, @Nullable Vip current) {
        Differences differences = new Differences();
        differences.allocation(old, current);
        differences.services(old, current);
        return differences.found;
    }

    private void allocation(@Nullable Vip old, @Nullable Vip current) {
        Optional<Allocation> before = old == null ? Optional.empty() : old.allocation();
        Optional<Allocation> after = current == null ? Optional.empty() : current.allocation();
        if (before.equals(after)) {
            return;
        }
        if (after.isEmpty()) {
            add("freed " + before.orElseThrow().occupied(), "the quarantine is over");
            return;
        }
        Allocation now = after.get();
        if (before.isEmpty()
                || before.get().status() != now.status()
                || !before.get().addresses().equals(now.addresses())) {
            add(
                    now.status().text() + " " + now.addresses(),
                    now.isAllocated() ? now.owner() : "nobody declares it any more");
        }
        boolean wasReserved = before.isPresent() && before.get().hold().reserved();
        if (wasReserved != now.hold().reserved()) {
            add(wasReserved ? "not reserved any more" : "reserved by " + now.owner(), "");
        }
        if (!now.hold().former().equals(before.map(one -> one.hold().former()).orElse(List.of()))) {
            add(
                    "former addresses in quarantine: "
                            + now.hold().former().stream()
                                    .map(one -> one.address())
                                    .toList(),
                    "");
        }
    }

    private void add(String text, String why) {
        found.add(new Difference(text, "", why));
    }

    private void services(@Nullable Vip old, @Nullable Vip current) {
        List<VirtualService> before = old == null ? List.of() : old.services();
        List<VirtualService> after = current == null ? List.of() : current.services();
        for (VirtualService service : before) {
            if (after.stream().noneMatch(other -> other.key().equals(service.key()))) {
                add("service " + port(service) + " gone", service);
            }
        }
        for (VirtualService service : after) {
            Optional<VirtualService> was = before.stream()
                    .filter(other -> other.key().equals(service.key()))
                    .findFirst();
            if (was.isEmpty()) {
                add("service " + port(service) + " with " + service.backends().size() + " backends", service);
            } else {
                spec(was.get(), service);
                backends(was.get(), service);
            }
        }
    }

    private void add(String text, VirtualService service) {
        List<Origin> origins = service.spec().origins();
        found.add(Difference.of(
                text,
                origins.stream().map(Origin::source).toList(),
                origins.stream().map(Origin::owner).toList()));
    }

    private static String port(VirtualService service) {
        return service.key().port() + "/" + service.key().protocol().text();
    }

    private void spec(VirtualService before, VirtualService after) {
        if (!before.spec().balancing().equals(after.spec().balancing())) {
            add(
                    "service " + port(after) + " is balanced otherwise: "
                            + after.spec().scheduler().text(),
                    after);
        }
        List<String> owners = owners(after);
        if (!owners(before).equals(owners)) {
            add("service " + port(after) + " declared by " + String.join(", ", owners), after);
        }
    }

    private static List<String> owners(VirtualService service) {
        return service.spec().origins().stream()
                .map(Origin::owner)
                .distinct()
                .sorted()
                .toList();
    }

    private void backends(VirtualService before, VirtualService after) {
        if (before.backends().equals(after.backends())) {
            return;
        }
        List<String> named = new ArrayList<>();
        Set<String> sources = new HashSet<>();
        int added = only(after.backends(), before.backends().keySet(), "+", named, sources);
        int removed = only(before.backends(), after.backends().keySet(), "-", named, sources);
        int changed = 0;
        for (Backend backend : after.backends().values()) {
            Backend was = before.backends().get(backend.address());
            if (was != null && !was.equals(backend)) {
                changed++;
                sources.add(backend.source());
                name(named, backend.address() + " " + change(was, backend));
            }
        }
        String text = "service " + port(after) + " backends: " + added + " added, " + removed + " removed, " + changed
                + " changed, now " + after.backends().size() + " (" + String.join(", ", named)
                + (added + removed + changed > named.size() ? ", …" : "") + ")";
        found.add(Difference.of(text, sources, owners(after)));
    }

    private static int only(
            SortedMap<Endpoint, Backend> of,
            Collection<Endpoint> without,
            String sign,
            List<String> named,
            Set<String> sources) {
        int count = 0;
        for (Backend backend : of.values()) {
            if (!without.contains(backend.address())) {
                count++;
                sources.add(backend.source());
                name(named, sign + backend.address());
            }
        }
        return count;
    }

    private static void name(List<String> named, String text) {
        if (named.size() < MAX_NAMED) {
            named.add(text);
        }
    }

    private static String change(Backend was, Backend now) {
        if (was.health() != now.health()) {
            return now.health().text();
        }
        return was.weight() == now.weight() ? "of " + now.task() : "weight " + now.weight();
    }
}
