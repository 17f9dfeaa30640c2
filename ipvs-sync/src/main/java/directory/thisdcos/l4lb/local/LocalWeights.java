package directory.thisdcos.l4lb.local;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Care;
import directory.thisdcos.l4lb.model.Check;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import directory.thisdcos.l4lb.probe.BackendChecks;
import directory.thisdcos.l4lb.probe.CheckFailure;
import directory.thisdcos.l4lb.probe.CheckKey;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what this node knows beside the table: results of checks, and when backends began. {@link #view} gives a service
 * with this node's weights; whoever programs the kernel is told which targets it should look at again. Tables come on one
 * thread, results on another, and the listener is called on a third, {@code local-weights}.
 */
public final class LocalWeights implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalWeights.class);

    private static final String REPORTER = "checks";

    /** So many servers are checked; the others count as serving, and a problem says so. */
    static final int MAX_CHECKED = 5_000;

    private static final int MAX_PROBLEMS = 100;

    /** The shortest step of a slow start takes this long. */
    private static final long LOOK_MILLIS = 100;

    private final Place here;
    private final ProblemBoard problems;
    private final BackendChecks checks;
    private final SlowStart youth = new SlowStart();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "local-weights");
        created.setDaemon(true);
        return created;
    });

    private final Map<CheckKey, Set<ServiceKey>> users = new ConcurrentHashMap<>();
    private volatile Consumer<Set<Target>> listener = targets -> {};

    // Only the thread that brings tables touches these.
    private volatile State table = State.EMPTY;
    private boolean begun;

    public LocalWeights(Place here, PrometheusRegistry registry, ProblemBoard problems) {
        this.here = here;
        this.problems = problems;
        this.checks = new BackendChecks(this::resulted, registry, InstantSource.system());
    }

    /** Begins to tell of targets whose weights may have changed without the table. */
    public void start(Consumer<Set<Target>> newListener) {
        listener = newListener;
        var unusedTimer = thread.scheduleWithFixedDelay(this::grow, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Takes in a table before it is applied. */
    public void observe(State next) {
        long now = System.nanoTime();
        State before = table;
        boolean isFirst = !begun;
        boolean[] checksChanged = {false};
        next.forEachDifference(before, (old, fresh) -> {
            checksChanged[0] |= drop(old);
            checksChanged[0] |= add(fresh);
            grow(old, fresh, isFirst, now);
        });
        table = next;
        // A start adopts what the kernel has; what is in the first table is not young.
        begun |= next.pools().isPresent();
        if (checksChanged[0]) {
            setChecks();
        }
    }

    private static List<VirtualService> cared(@Nullable Vip vip) {
        List<VirtualService> cared = List.of();
        for (VirtualService service : vip == null ? List.<VirtualService>of() : vip.services()) {
            if (!service.spec().balancing().care().equals(Care.NONE)) {
                cared = new ArrayList<>(cared);
                cared.add(service);
            }
        }
        return cared;
    }

    private boolean drop(@Nullable Vip old) {
        boolean dropped = false;
        for (VirtualService service : cared(old)) {
            for (CheckKey key : keys(service)) {
                users.computeIfPresent(key, (same, of) -> {
                    of.remove(service.key());
                    return of.isEmpty() ? null : of;
                });
                dropped = true;
            }
        }
        return dropped;
    }

    private boolean add(@Nullable Vip fresh) {
        boolean added = false;
        for (VirtualService service : cared(fresh)) {
            for (CheckKey key : keys(service)) {
                users.computeIfAbsent(key, absent -> ConcurrentHashMap.newKeySet())
                        .add(service.key());
                added = true;
            }
        }
        return added;
    }

    private List<CheckKey> keys(VirtualService service) {
        Optional<Check> check = service.spec().balancing().care().check();
        return check.isEmpty()
                ? List.of()
                : service.backends().values().stream()
                        .filter(backend -> backend.share() > 0)
                        .map(backend -> new CheckKey(server(backend), check.get()))
                        .toList();
    }

    /** Where this node reaches it, as its kernel will. */
    private Endpoint server(Backend backend) {
        return backend.container()
                .filter(container -> here.names().contains(backend.node())
                        && container.port() != 0
                        && container.ip().family() == backend.address().ip().family())
                .orElse(backend.address());
    }

    private void grow(@Nullable Vip old, @Nullable Vip fresh, boolean isFirst, long now) {
        List<VirtualService> growing = cared(fresh);
        if (growing.isEmpty()) {
            return;
        }
        Map<ServiceKey, VirtualService> before = new TreeMap<>();
        cared(old).forEach(service -> before.put(service.key(), service));
        for (VirtualService service : growing) {
            int seconds = service.spec().balancing().care().slowStartSeconds();
            VirtualService was = before.remove(service.key());
            for (Backend backend : service.backends().values()) {
                Backend same = was == null ? null : was.backends().get(backend.address());
                boolean took = same != null && same.share() > 0;
                if (seconds > 0 && backend.share() > 0 && !took && !isFirst) {
                    youth.born(service.key(), backend.address(), seconds, now);
                } else if (backend.share() == 0) {
                    youth.gone(service.key(), backend.address());
                }
            }
        }
    }

    private void setChecks() {
        Set<CheckKey> all = new HashSet<>(users.keySet());
        int count = all.size();
        if (count > MAX_CHECKED) {
            all = new HashSet<>(all.stream()
                    .sorted(java.util.Comparator.comparing(CheckKey::server))
                    .limit(MAX_CHECKED)
                    .toList());
        }
        checks.set(all);
        problems.report(
                "check-limit",
                count > MAX_CHECKED
                        ? List.of(new Problem(
                                "check-limit",
                                "checks",
                                count + " servers should be checked, and this node checks " + MAX_CHECKED
                                        + "; the others count as serving; ask for fewer checks"))
                        : List.of());
    }

    /** A service as this node sees it; from any thread. */
    public VirtualService view(VirtualService service) {
        Optional<Check> check = service.spec().balancing().care().check();
        long now = System.nanoTime();
        return ServiceWeights.of(
                service,
                here,
                backend -> check.isPresent() && checks.fails(new CheckKey(server(backend), check.get())),
                backend -> youth.step(service.key(), backend, now));
    }

    private void resulted(CheckKey key) {
        thread.execute(() -> {
            if (!checks.fails(key)) {
                // Back after a failure is as young as new.
                reborn(key);
            }
            report();
            tell(users.getOrDefault(key, Set.of()));
        });
    }

    private void reborn(CheckKey key) {
        long now = System.nanoTime();
        State current = table;
        for (ServiceKey user : users.getOrDefault(key, Set.of())) {
            current.service(user).ifPresent(service -> {
                int seconds = service.spec().balancing().care().slowStartSeconds();
                for (Backend backend : service.backends().values()) {
                    if (seconds > 0 && server(backend).equals(key.server())) {
                        youth.born(user, backend.address(), seconds, now);
                    }
                }
            });
        }
    }

    private void grow() {
        try {
            tell(youth.growing(System.nanoTime()));
        } catch (RuntimeException e) {
            // The top of the thread: the next look must come.
            log.error("weights could not be brought to the kernel", e);
        }
    }

    private void tell(Set<ServiceKey> services) {
        if (!services.isEmpty()) {
            Set<Target> targets = new HashSet<>();
            services.forEach(key -> targets.add(key.target()));
            listener.accept(targets);
        }
    }

    private void report() {
        List<Problem> found = new ArrayList<>();
        for (CheckFailure failure : failures()) {
            if (found.size() < MAX_PROBLEMS) {
                found.add(new Problem(
                        "check-failing",
                        users.getOrDefault(failure.key(), Set.of()).stream()
                                        .map(ServiceKey::toString)
                                        .sorted()
                                        .findFirst()
                                        .orElse("")
                                + " backend " + failure.key().server(),
                        "fails this node's check ("
                                + failure.key().check().kind().text() + "): " + failure.reason()
                                + "; it gets no new connections here"));
            }
        }
        problems.report(REPORTER, found);
    }

    /** Servers that fail their check, as this node sees them; sorted. */
    public List<CheckFailure> failures() {
        return checks.failures().stream()
                .sorted(java.util.Comparator.comparing(failure -> failure.key().server()))
                .toList();
    }

    /** Number of servers that should be checked. */
    public int checked() {
        return users.size();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        checks.close();
    }
}
