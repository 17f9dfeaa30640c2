package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.netlink.NetworkNamespace;
import directory.thisdcos.l4lb.runtime.Problem;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of one container's network namespace, on a thread of its own that has entered it. Only the newest state is
 * applied. Runs on: its thread ({@code l4lb-netns-NAME}); methods are safe for every thread.
 */
final class NamespaceWorker {
    private static final Logger log = LoggerFactory.getLogger(NamespaceWorker.class);

    private final NamespaceList.Found namespace;
    private final IpvsSettings settings;
    private final BiConsumer<String, Collection<Problem>> problems;
    private final ScheduledExecutorService thread;
    private final AtomicReference<@Nullable State> pending = new AtomicReference<>();
    private volatile @Nullable KernelKeeper keeper;
    private volatile @Nullable IpvsMetrics metrics;
    private volatile Optional<String> failure = Optional.empty();

    /**
     * @param settings with a directory for this namespace alone
     * @param problems hears of what is wrong there, by reporter
     */
    NamespaceWorker(
            NamespaceList.Found namespace, IpvsSettings settings, BiConsumer<String, Collection<Problem>> problems) {
        this.namespace = namespace;
        this.settings = settings;
        this.problems = problems;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "l4lb-netns-" + namespace.name());
            made.setDaemon(true);
            return made;
        });
        var unusedStart = thread.submit(this::start);
    }

    private void start() {
        try {
            NetworkNamespace.enter(namespace.path());
            if (NetworkNamespace.current().filter(namespace.namespace()::equals).isEmpty()) {
                throw new IOException("another namespace took its place just now");
            }
            // Registries hold each metric once; what happens in a container is seen in its status.
            IpvsMetrics own = new IpvsMetrics(new PrometheusRegistry());
            EngineStart.Started started = EngineStart.start(settings, own);
            metrics = own;
            keeper = new KernelKeeper(
                    started.engine().orElseThrow(),
                    started.lock().orElseThrow(),
                    own,
                    new SyncReports(own, this::report));
            long audit = settings.auditInterval().toMillis();
            var unusedAudits = thread.scheduleWithFixedDelay(this::audit, audit, audit, TimeUnit.MILLISECONDS);
            new DrainLooks(thread, this::endDrains).begin();
            log.info("network namespace {} ({}) gets the table", namespace.name(), namespace.path());
        } catch (IpvsException | IOException | RuntimeException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void report(String reporter, Collection<Problem> found) {
        problems.accept(
                reporter + " of " + namespace.name(),
                found.stream()
                        // A container forwards nothing.
                        .filter(problem -> !problem.subject().equals(Sysctls.FORWARDING))
                        .map(problem -> new Problem(
                                problem.kind(),
                                problem.subject() + " in the network namespace " + namespace.name(),
                                problem.message()))
                        .toList());
    }

    /** Hands over a state; the answer comes when the kernel has it, or a newer one. */
    CompletableFuture<Void> offer(State state) {
        pending.set(state);
        return CompletableFuture.runAsync(this::applyPending, thread);
    }

    /** Looks again at targets for which this node's own view may have changed. */
    void touch(Set<Target> targets) {
        var unusedTouch = thread.submit(() -> {
            KernelKeeper kernel = keeper;
            if (kernel != null) {
                kernel.touch(targets);
                afterwards(kernel);
            }
        });
    }

    private void applyPending() {
        KernelKeeper kernel = keeper;
        State state = pending.getAndSet(null);
        if (kernel == null || state == null) {
            return;
        }
        kernel.apply(state);
        afterwards(kernel);
    }

    private void afterwards(KernelKeeper kernel) {
        new Afterwards(kernel, thread, settings.drain().udp()).plan();
    }

    private void audit() {
        KernelKeeper kernel = keeper;
        if (kernel != null) {
            kernel.audit();
            afterwards(kernel);
        }
    }

    private Duration endDrains() {
        KernelKeeper kernel = keeper;
        return kernel == null ? Duration.ZERO : kernel.endDrains();
    }

    NetworkNamespace namespace() {
        return namespace.namespace();
    }

    /** Why it could not begin; such a one does nothing more. */
    Optional<String> failure() {
        return failure;
    }

    NamespaceStatus status() {
        KernelKeeper kernel = keeper;
        IpvsMetrics own = metrics;
        return new NamespaceStatus(
                namespace.name(),
                namespace.path().toString(),
                kernel == null ? 0 : kernel.ask(engine -> engine.desired().serviceCount()),
                own == null ? 0 : own.writes(),
                failure);
    }

    /** Lets go of the namespace, which can only vanish when nobody is in it; its table stays as it is. */
    void close() {
        var unusedEnd = thread.submit(() -> {
            KernelKeeper kernel = keeper;
            if (kernel != null) {
                kernel.close();
                report("ipvs", List.of());
            }
        });
        // What was handed over before is still done.
        thread.shutdown();
    }
}
