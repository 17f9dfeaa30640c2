package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of each name since this process began to follow the table, the newest {@value #MAX_EVENTS} events of all.
 * Safe for every thread.
 */
public final class TableHistory {
    private static final int MAX_EVENTS = 50_000;

    private final InstantSource clock;
    private final Deque<Event> events = new ArrayDeque<>();
    private State last = State.EMPTY;

    /**
     * One change.
     *
     * @param table the seq of the first table that this process saw with it
     * @param text such as {@code allocated 11.0.0.1}
     */
    public record Event(Instant at, long table, Target target, String text) {}

    public TableHistory(InstantSource clock) {
        this.clock = clock;
    }

    /** Takes the next table. What the first one holds is no event: nobody here saw it come. */
    public synchronized void observe(State next) {
        State before = last;
        last = next;
        if (before.seq() == 0) {
            return;
        }
        Instant now = clock.instant();
        next.forEachDifference(before, (old, current) -> {
            List<String> texts = new ArrayList<>();
            allocation(old, current, texts);
            services(old, current, texts);
            Vip known = current == null ? old : current;
            if (known != null) {
                texts.forEach(text -> add(new Event(now, next.seq(), known.target(), text)));
            }
        });
    }

    private void add(Event event) {
        if (events.size() == MAX_EVENTS) {
            events.removeFirst();
        }
        events.addLast(event);
    }

    /** The events of one name or fixed VIP, the oldest first. */
    public synchronized List<Event> of(Target target) {
        return events.stream().filter(event -> event.target().equals(target)).toList();
    }

    private static void allocation(@Nullable Vip old, @Nullable Vip current, List<String> texts) {
        Optional<Allocation> before = old == null ? Optional.empty() : old.allocation();
        Optional<Allocation> after = current == null ? Optional.empty() : current.allocation();
        if (before.equals(after)) {
            return;
        }
        if (after.isEmpty()) {
            texts.add("freed " + before.orElseThrow().occupied());
            return;
        }
        Allocation now = after.get();
        if (before.isEmpty()
                || before.get().status() != now.status()
                || !before.get().addresses().equals(now.addresses())) {
            texts.add(now.status().text() + " " + now.addresses());
        }
        boolean wasReserved = before.isPresent() && before.get().hold().reserved();
        if (wasReserved != now.hold().reserved()) {
            texts.add(wasReserved ? "not reserved any more" : "reserved by " + now.owner());
        }
        if (!now.hold().former().equals(before.map(one -> one.hold().former()).orElse(List.of()))) {
            texts.add("former addresses in quarantine: "
                    + now.hold().former().stream().map(one -> one.address()).toList());
        }
    }

    private static void services(@Nullable Vip old, @Nullable Vip current, List<String> texts) {
        List<VirtualService> before = old == null ? List.of() : old.services();
        List<VirtualService> after = current == null ? List.of() : current.services();
        for (VirtualService service : before) {
            if (after.stream().noneMatch(other -> other.key().equals(service.key()))) {
                texts.add("service " + port(service) + " gone");
            }
        }
        for (VirtualService service : after) {
            Optional<VirtualService> was = before.stream()
                    .filter(other -> other.key().equals(service.key()))
                    .findFirst();
            if (was.isEmpty()) {
                texts.add("service " + port(service) + " with "
                        + service.backends().size() + " backends");
            } else if (!was.get().backends().equals(service.backends())) {
                texts.add("service " + port(service) + " " + backends(was.get(), service));
            }
        }
    }

    private static String port(VirtualService service) {
        return service.key().port() + "/" + service.key().protocol().text();
    }

    private static String backends(VirtualService before, VirtualService after) {
        long added = after.backends().keySet().stream()
                .filter(address -> !before.backends().containsKey(address))
                .count();
        long removed = before.backends().keySet().stream()
                .filter(address -> !after.backends().containsKey(address))
                .count();
        long changed = after.backends().values().stream()
                .filter(backend -> before.backends().containsKey(backend.address())
                        && !backend.equals(before.backends().get(backend.address())))
                .count();
        return "backends: " + added + " added, " + removed + " removed, " + changed + " changed, now "
                + after.backends().size();
    }
}
