package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Gives the network namespaces of containers the same table. They appear and vanish at any time: twice a second
 * ({@code l4lb-netns}) the list is read; a new one gets the last state, one that has gone is let go. Safe for every
 * thread.
 */
final class ContainerNamespaces implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(500);

    /** One that could not be entered, or where another program holds the table, is tried again. */
    private static final int LOOKS_UNTIL_RETRY = 10;

    /** A container that is slow to program does not hold back this host. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

    private static final String REPORTER = "ipvs-netns";

    private final IpvsSettings settings;
    private final ProblemBoard board;
    private final NamespaceList list;
    private final Gauge count;
    private final Map<String, NamespaceWorker> workers = new TreeMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final ScheduledExecutorService looker;
    private State state = State.EMPTY;
    private int looks;

    ContainerNamespaces(
            IpvsSettings settings, NamespaceSources sources, PrometheusRegistry registry, ProblemBoard board) {
        this.settings = settings;
        this.board = board;
        this.list = new NamespaceList(sources);
        this.count = Gauge.builder()
                .name("l4lb_ipvs_namespaces")
                .help("Network namespaces of containers that have the table too")
                .register(registry);
        this.looker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "l4lb-netns");
            thread.setDaemon(true);
            return thread;
        });
        if (!sources.isEmpty()) {
            long millis = LOOK.toMillis();
            var unusedLooks = looker.scheduleWithFixedDelay(this::look, 0, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        lock.lock();
        try {
            Map<String, NamespaceList.Found> found = list.look();
            boolean retry = ++looks % LOOKS_UNTIL_RETRY == 0;
            for (Map.Entry<String, NamespaceWorker> entry : List.copyOf(workers.entrySet())) {
                String name = entry.getKey();
                NamespaceWorker worker = entry.getValue();
                NamespaceList.Found now = found.get(name);
                boolean gone = now == null || !now.namespace().equals(worker.namespace());
                if (gone || (retry && worker.failure().isPresent())) {
                    workers.remove(name);
                    worker.close();
                }
                if (gone) {
                    forget(directory(name));
                }
            }
            found.forEach((name, namespace) -> {
                if (!workers.containsKey(name)) {
                    NamespaceWorker worker = new NamespaceWorker(namespace, settings(name), board::report);
                    workers.put(name, worker);
                    var unusedAnswer = worker.offer(state);
                }
            });
            report();
        } catch (RuntimeException e) {
            // The top of the thread: one bad look must not end all later ones.
            board.report(REPORTER, List.of(NamespaceList.problem("list", "cannot be read: " + e)));
        } finally {
            lock.unlock();
        }
    }

    private void report() {
        count.set((double) workers.values().stream()
                .filter(worker -> worker.failure().isEmpty())
                .count());
        List<Problem> problems = new ArrayList<>(list.problems());
        workers.forEach((name, worker) -> worker.failure()
                .ifPresent(reason -> problems.add(NamespaceList.problem(name, "has no table: " + reason))));
        board.report(REPORTER, problems);
    }

    private Path directory(String name) {
        return settings.directory().resolve("netns").resolve(name.replace('/', '_'));
    }

    private IpvsSettings settings(String name) {
        KernelSettings kernel = settings.kernel();
        return settings.withDirectory(directory(name))
                .withKernel(new KernelSettings(kernel.timeouts(), kernel.foreign(), 0).withCost(kernel.cost()));
    }

    /** What is remembered of a namespace that is gone. */
    private static void forget(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // A worker that is ending may still write; what stays is a list of addresses, and used again by the same
            // name.
            return;
        }
    }

    /** Hands a state to all; call {@link Handed#await} when this host's own kernel has it. */
    Handed apply(State next) {
        lock.lock();
        try {
            state = next;
            return new Handed(
                    workers.values().stream().map(worker -> worker.offer(next)).toList());
        } finally {
            lock.unlock();
        }
    }

    /** Has all look again at targets for which this node's own view may have changed. */
    void touch(Set<Target> targets) {
        lock.lock();
        try {
            workers.values().forEach(worker -> worker.touch(targets));
        } finally {
            lock.unlock();
        }
    }

    /** A state on its way to the namespaces. */
    record Handed(Collection<CompletableFuture<Void>> answers) {
        /** Until all have it, or a fifth of a second has passed: then it comes there a little later. */
        void await() {
            try {
                CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                        .get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    List<NamespaceStatus> status() {
        lock.lock();
        try {
            return workers.values().stream().map(NamespaceWorker::status).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Stops; tables stay as they are. */
    @Override
    public void close() {
        looker.shutdown();
        lock.lock();
        try {
            workers.values().forEach(NamespaceWorker::close);
            workers.clear();
        } finally {
            lock.unlock();
        }
    }
}
