package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
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
import java.util.function.BiFunction;

/**
 * Keeps this host's kernel as the state wants it. Safe for every thread: callers and the audit thread
 * ({@code l4lb-ipvs-audit}) take turns under one lock, so that there is one writer.
 *
 * <p>Closing leaves the kernel as it is: connections keep flowing while the program is away, and the next start adopts
 * what it finds.
 */
public final class IpvsSync implements AutoCloseable {
    private final IpvsSettings settings;
    private final IpvsMode mode;
    private final String reason;
    private final IpvsMetrics metrics;
    private final SyncReports reports;
    private final InstantSource clock = InstantSource.system();

    /** In mode ON. */
    private final Optional<KernelKeeper> kernel;

    private final Optional<ContainerNamespaces> namespaces;
    private final CounterReader counters;
    private final ScheduledExecutorService auditor;
    private final Optional<Afterwards> afterwards;

    /** In mode PLAN, in the engine's place. */
    private final PlanOnly planned;

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
     * @param namespaces of containers that have the table too, by name
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
            Map<String, Long> errors,
            List<NamespaceStatus> namespaces) {}

    private IpvsSync(
            IpvsSettings settings,
            EngineStart.Started started,
            IpvsMetrics metrics,
            PrometheusRegistry registry,
            ProblemBoard problems) {
        this.settings = settings;
        this.mode = started.mode();
        this.reason = started.reason();
        this.metrics = metrics;
        this.reports = new SyncReports(metrics, problems::report);
        this.planned = new PlanOnly(settings, metrics, reports);
        this.kernel = started.engine()
                .map(engine -> new KernelKeeper(engine, started.lock().orElseThrow(), metrics, reports));
        this.namespaces = kernel.map(
                on -> new ContainerNamespaces(settings, settings.kernel().namespaces(), registry, problems));
        this.counters = new CounterReader(settings.kernelTimeout());
        this.auditor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "l4lb-ipvs-audit");
            thread.setDaemon(true);
            return thread;
        });
        this.afterwards =
                kernel.map(on -> new Afterwards(on, auditor, settings.drain().udp()));
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
        IpvsSync sync = new IpvsSync(settings, EngineStart.start(settings, metrics), metrics, registry, problems);
        if (sync.kernel.isPresent()) {
            CounterMetrics.register(registry, sync::counters, settings.kernel().metricServices());
            sync.startAudits();
        }
        return sync;
    }

    private void startAudits() {
        long millis = settings.auditInterval().toMillis();
        var unusedAudits = auditor.scheduleWithFixedDelay(this::audit, millis, millis, TimeUnit.MILLISECONDS);
        new DrainLooks(auditor, this::endDrains).begin();
    }

    /**
     * Brings the kernel to the state and returns when that is done.
     *
     * @return addresses of live targets that do not work on this host now; a name must not be published with one. Empty
     *     at once in the modes PLAN and OFF, where nothing is awaited.
     */
    public Set<Ip> apply(State next) {
        if (kernel.isEmpty()) {
            if (mode != IpvsMode.OFF) {
                planned.apply(next);
            }
            return Set.of();
        }
        Optional<ContainerNamespaces.Handed> handed = namespaces.map(containers -> containers.apply(next));
        Set<Ip> notInPlace = kernel.get().apply(next);
        afterwards.ifPresent(Afterwards::plan);
        handed.ifPresent(ContainerNamespaces.Handed::await);
        return notInPlace;
    }

    /** Looks again at targets for which this node's own view may have changed, and brings the kernel to it. */
    public void touch(Set<Target> targets) {
        if (kernel.isEmpty()) {
            planned.touch(targets);
            return;
        }
        namespaces.ifPresent(containers -> containers.touch(targets));
        kernel.get().touch(targets);
        afterwards.ifPresent(Afterwards::plan);
    }

    /** What {@link #apply} returned last, minus what audits have brought in place since. */
    public Set<Ip> notInPlace() {
        return kernel.map(KernelKeeper::notInPlace).orElse(Set.of());
    }

    /** Compares with the kernel now and mends it; what was mended, by kind. Audits do the same by themselves. */
    public Map<String, Integer> audit() {
        Map<String, Integer> repairs = kernel.map(KernelKeeper::audit).orElse(Map.of());
        afterwards.ifPresent(Afterwards::plan);
        return repairs;
    }

    /** Looks now whether servers that drain are idle or late, and removes them; how long that took. */
    Duration endDrains() {
        return kernel.map(KernelKeeper::endDrains).orElse(Duration.ZERO);
    }

    public Status status() {
        return withTable((desired, engine) -> new Status(
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
                metrics.errorCounts(),
                namespaces.map(ContainerNamespaces::status).orElse(List.of())));
    }

    private List<DrainStatus> drains(Engine of) {
        ServiceNames names = new ServiceNames(kernel.map(KernelKeeper::state).orElse(State.EMPTY));
        Instant now = clock.instant();
        return of.drains().entrySet().stream()
                .map(drain -> new DrainStatus(
                        drain.getKey().service().toString(),
                        names.of(new TreeSet<>(of.places(drain.getKey().service()))),
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
        if (kernel.isEmpty() || kernel.get().isClosed()) {
            return List.of();
        }
        KernelKeeper keeper = kernel.get();
        ServiceNames names = new ServiceNames(keeper.state());
        return counters.read(
                names, id -> keeper.ask(engine -> engine.places(id)), place -> names.isMeant(place, of), limit);
    }

    /** The whole desired table, sentinels included, as {@code ipvsadm -R} reads it. */
    public String plan() {
        return withTable(
                (desired, engine) -> IpvsadmText.table(desired.services().values()));
    }

    /** The operations that are still to do, in ipvsadm's words; in mode ON none when the kernel is right. */
    public String pending() {
        return kernel.map(on -> on.ask(Engine::pending))
                .map(IpvsadmText::operations)
                .orElseGet(this::plan);
    }

    private <T> T withTable(BiFunction<DesiredTable, Optional<Engine>, T> question) {
        return kernel.isPresent()
                ? kernel.get().ask(engine -> question.apply(engine.desired(), Optional.of(engine)))
                : planned.ask(desired -> question.apply(desired, Optional.empty()));
    }

    /** Stops audits. The kernel keeps its table. */
    @Override
    public void close() {
        auditor.shutdown();
        namespaces.ifPresent(ContainerNamespaces::close);
        kernel.ifPresent(KernelKeeper::close);
        counters.close();
    }
}
