package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.netlink.NamespaceLock;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps this host's kernel as the state wants it. Safe for every thread: callers and the audit thread
 * ({@code l4lb-ipvs-audit}) take turns under one lock, so that there is one writer.
 *
 * <p>Closing leaves the kernel as it is: connections keep flowing while the program is away, and the next start adopts
 * what it finds.
 */
public final class IpvsSync implements AutoCloseable {
    /** Time between two looks whether servers that drain are idle. */
    private static final long DRAIN_LOOK_MILLIS = 500;

    private final IpvsSettings settings;
    private final IpvsMode mode;
    private final String reason;
    private final IpvsMetrics metrics;
    private final SyncReports reports;
    private final InstantSource clock = InstantSource.system();
    private final Optional<Engine> engine;
    private final Optional<NamespaceLock> namespaceLock;
    private final CounterReader counters;
    private final ScheduledExecutorService auditor;
    private final ReentrantLock lock = new ReentrantLock();

    /** In mode PLAN, in the engine's place. */
    private final DesiredTable planned = new DesiredTable();

    private State state = State.EMPTY;

    /** The last state that is in the kernel as far as the kernel took it. */
    private State applied = State.EMPTY;

    private boolean closed;

    /**
     * What the engine is doing.
     *
     * @param mode the mode in effect, never AUTO
     * @param reason why it is not ON, one sentence; empty if it is
     * @param services of the desired table, without the sentinels
     * @param lastError of the last apply or audit that failed as a whole; empty once one succeeds
     * @param drains sorted by service
     * @param operations asked of the kernel since the start, by kind
     * @param errors of the kernel since the start, by errno
     */
    public record Status(
            IpvsMode mode,
            String reason,
            int services,
            int destinations,
            long writes,
            Optional<AuditReport> lastAudit,
            Optional<String> lastError,
            Optional<PlanReport> lastPlan,
            List<DrainStatus> drains,
            Map<String, Long> operations,
            Map<String, Long> errors) {}

    private IpvsSync(IpvsSettings settings, EngineStart.Started started, IpvsMetrics metrics, ProblemBoard problems) {
        this.settings = settings;
        this.mode = started.mode();
        this.reason = started.reason();
        this.engine = started.engine();
        this.namespaceLock = started.lock();
        this.metrics = metrics;
        this.reports = new SyncReports(metrics, problems);
        this.counters = new CounterReader(settings.kernelTimeout());
        this.auditor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "l4lb-ipvs-audit");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens the engine in this process's network namespace and starts its audits. Nothing is written before the first
     * {@link #apply}.
     *
     * @throws IpvsException mode ON, and it cannot work here
     * @throws IOException the settings' directory cannot be used
     */
    public static IpvsSync open(IpvsSettings settings, PrometheusRegistry registry, ProblemBoard problems)
            throws IpvsException, IOException {
        IpvsMetrics metrics = new IpvsMetrics(registry);
        IpvsSync sync = new IpvsSync(settings, EngineStart.start(settings, metrics), metrics, problems);
        if (sync.engine.isPresent()) {
            CounterMetrics.register(registry, sync::counters, settings.kernel().metricServices());
            sync.startAudits();
        }
        return sync;
    }

    private void startAudits() {
        long millis = settings.auditInterval().toMillis();
        var unusedAudits = auditor.scheduleWithFixedDelay(this::audit, millis, millis, TimeUnit.MILLISECONDS);
        var unusedDrains = auditor.scheduleWithFixedDelay(
                this::endDrains, DRAIN_LOOK_MILLIS, DRAIN_LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Brings the kernel to the state and returns when that is done.
     *
     * @return addresses of live targets that do not work on this host now; a name must not be published with one. Empty
     *     at once in the modes PLAN and OFF, where nothing is awaited.
     */
    public Set<Ip> apply(State next) {
        lock.lock();
        try {
            State before = state;
            state = next;
            if (closed || mode == IpvsMode.OFF) {
                return Set.of();
            }
            if (engine.isEmpty()) {
                planOnly(before, next);
                return Set.of();
            }
            long start = System.nanoTime();
            try {
                engine.get().apply(next);
                if (engine.get().drainsUdp()) {
                    long millis = settings.drain().udp().toMillis() + 1;
                    var unusedLook = auditor.schedule(this::endDrains, millis, TimeUnit.MILLISECONDS);
                }
                applied = next;
                reports.succeeded();
                return engine.get().notInPlace();
            } catch (IOException e) {
                reports.failed("applying the table", e);
                return changedAddresses(applied, next);
            } finally {
                metrics.applied(Duration.ofNanos(System.nanoTime() - start));
                report();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Looks again at targets for which this node's own view may have changed, and brings the kernel to it. */
    public void touch(Set<Target> targets) {
        lock.lock();
        try {
            desired().touch(targets);
            apply(state);
        } finally {
            lock.unlock();
        }
    }

    private void planOnly(State before, State next) {
        if (next.pools().isEmpty()) {
            return;
        }
        if (before.pools().equals(next.pools())) {
            planned.update(next);
        } else {
            planned.rebuild(
                    next,
                    new HostView(
                            List.of(),
                            settings.nodeNames(),
                            EngineStart.hasIpv6(),
                            settings.panicPercent(),
                            settings.local()));
        }
        metrics.table(planned.serviceCount(), planned.destinationCount());
        reports.problems(planned.problems(next.pools().get()));
    }

    /** What {@link #apply} returned last, minus what audits have brought in place since. */
    public Set<Ip> notInPlace() {
        lock.lock();
        try {
            if (engine.isEmpty() || closed) {
                return Set.of();
            }
            Set<Ip> addresses = changedAddresses(applied, state);
            addresses.addAll(engine.get().notInPlace());
            return addresses;
        } finally {
            lock.unlock();
        }
    }

    /** Compares with the kernel now and mends it; what was mended, by kind. Audits do the same by themselves. */
    public Map<String, Integer> audit() {
        lock.lock();
        try {
            if (engine.isEmpty() || closed) {
                return Map.of();
            }
            long start = System.nanoTime();
            AuditFindings findings = engine.get().audit(state);
            applied = state;
            reports.audited(new AuditReport(
                    clock.instant(),
                    Duration.ofNanos(System.nanoTime() - start),
                    findings.slices(),
                    findings.repairs(),
                    findings.shown()));
            return findings.repairs();
        } catch (IOException e) {
            reports.failed("the audit", e);
            return Map.of();
        } catch (RuntimeException e) {
            // The top of the audit thread: one bad audit must not end all later ones.
            reports.failed("the audit", e);
            return Map.of();
        } finally {
            report();
            lock.unlock();
        }
    }

    /** Looks now whether servers that drain are idle or late, and removes them; how many still drain. */
    int endDrains() {
        lock.lock();
        try {
            return engine.isEmpty() || closed ? 0 : engine.get().endDrains();
        } catch (IOException e) {
            reports.failed("ending drains", e);
            return 0;
        } catch (RuntimeException e) {
            reports.failed("ending drains", e);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private static Set<Ip> changedAddresses(State before, State next) {
        Set<Ip> addresses = new TreeSet<>();
        next.forEachDifference(before, (old, now) -> {
            if (now != null && now.isLive()) {
                addresses.addAll(now.addresses());
            }
        });
        return addresses;
    }

    private void report() {
        if (engine.isPresent() && !closed) {
            reports.problems(engine.get().problems());
        }
    }

    public Status status() {
        lock.lock();
        try {
            DesiredTable desired = desired();
            return new Status(
                    mode,
                    reason,
                    desired.serviceCount(),
                    desired.destinationCount(),
                    metrics.writes(),
                    reports.lastAudit(),
                    reports.lastError(),
                    engine.flatMap(Engine::lastPlan),
                    engine.map(this::drains).orElse(List.of()),
                    metrics.operationCounts(),
                    metrics.errorCounts());
        } finally {
            lock.unlock();
        }
    }

    private List<DrainStatus> drains(Engine of) {
        ServiceNames names = new ServiceNames(state);
        Instant now = clock.instant();
        return of.drains().entrySet().stream()
                .map(drain -> new DrainStatus(
                        drain.getKey().service().toString(),
                        names.of(drain.getKey().service()),
                        drain.getKey().server(),
                        now.plus(drain.getValue())))
                .sorted(Comparator.comparing(DrainStatus::service).thenComparing(DrainStatus::server))
                .toList();
    }

    /**
     * What the kernel has now and has counted, in the order of addresses; empty where this program does not program it.
     *
     * @param of a name or address, each with or without port; empty for all
     * @param limit the most services to read
     * @throws IOException the kernel does not answer
     */
    public List<ServiceCounters> counters(String of, int limit) throws IOException {
        ServiceNames names;
        lock.lock();
        try {
            if (engine.isEmpty() || closed) {
                return List.of();
            }
            names = new ServiceNames(state);
        } finally {
            lock.unlock();
        }
        return counters.read(names::of, id -> names.isMeant(id, of), limit);
    }

    /** The whole desired table, sentinels included, as {@code ipvsadm -R} reads it. */
    public String plan() {
        lock.lock();
        try {
            return IpvsadmText.table(desired().services().values());
        } finally {
            lock.unlock();
        }
    }

    /** The operations that are still to do, in ipvsadm's words; in mode ON none when the kernel is right. */
    public String pending() {
        lock.lock();
        try {
            return engine.map(Engine::pending).map(IpvsadmText::operations).orElseGet(this::plan);
        } finally {
            lock.unlock();
        }
    }

    private DesiredTable desired() {
        return engine.map(Engine::desired).orElse(planned);
    }

    /** Stops audits. The kernel keeps its table. */
    @Override
    public void close() {
        auditor.shutdown();
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                engine.ifPresent(Engine::close);
                counters.close();
                namespaceLock.ifPresent(NamespaceLock::close);
            }
        } finally {
            lock.unlock();
        }
    }
}
