package directory.thisdcos.l4lb.runtime;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The problems that exist now. Each reporter states its whole current set; the board logs what is new (WARN) and what is
 * over (INFO) once each, counts by kind ({@code l4lb_problems}), and lists them for the API. Safe for every thread.
 */
public final class ProblemBoard {
    private static final Logger log = LoggerFactory.getLogger(ProblemBoard.class);

    /** More than this many new problems at once are logged as a sum; the API still lists all. */
    private static final int MAX_LOGGED_AT_ONCE = 20;

    private final InstantSource clock;
    private final Gauge byKind;
    private final Map<String, Map<Problem, Instant>> byReporter = new TreeMap<>();

    /** A problem with its reporter and the time since when it exists. */
    public record Entry(String reporter, Problem problem, Instant since) {}

    public ProblemBoard(PrometheusRegistry registry, InstantSource clock) {
        this.clock = clock;
        this.byKind = Gauge.builder()
                .name("l4lb_problems")
                .help("Problems that exist now, by kind; GET /v1/problems lists them")
                .labelNames("kind")
                .register(registry);
    }

    /** Replaces the reporter's problems by {@code current}. */
    public synchronized void report(String reporter, Collection<Problem> current) {
        Map<Problem, Instant> before = byReporter.getOrDefault(reporter, Map.of());
        if (before.isEmpty() && current.isEmpty()) {
            // Counting costs the number of all problems, and most reports say that all is well.
            return;
        }
        Map<Problem, Instant> now = new TreeMap<>();
        Instant time = clock.instant();
        current.forEach(problem -> now.put(problem, before.getOrDefault(problem, time)));
        logDifference(before.keySet(), now.keySet());
        byReporter.put(reporter, now);
        count(before.keySet());
    }

    private static void logDifference(Set<Problem> before, Set<Problem> now) {
        List<Problem> added =
                now.stream().filter(problem -> !before.contains(problem)).toList();
        added.stream().limit(MAX_LOGGED_AT_ONCE).forEach(problem -> log.warn("{}", problem));
        if (added.size() > MAX_LOGGED_AT_ONCE) {
            log.warn("{} more problems; GET /v1/problems lists all {}", added.size() - MAX_LOGGED_AT_ONCE, now.size());
        }
        List<Problem> over =
                before.stream().filter(problem -> !now.contains(problem)).toList();
        over.stream().limit(MAX_LOGGED_AT_ONCE).forEach(problem -> log.info("solved: {}", problem));
    }

    private void count(Set<Problem> before) {
        Map<String, Long> counts = byReporter.values().stream()
                .flatMap(problems -> problems.keySet().stream())
                .collect(Collectors.groupingBy(Problem::kind, Collectors.counting()));
        Set<String> kinds = new HashSet<>(counts.keySet());
        before.forEach(problem -> kinds.add(problem.kind()));
        kinds.forEach(kind -> byKind.labelValues(kind).set(counts.getOrDefault(kind, 0L)));
    }

    /** All problems, by reporter and kind. */
    public synchronized List<Entry> entries() {
        return byReporter.entrySet().stream()
                .flatMap(reporter -> reporter.getValue().entrySet().stream()
                        .map(entry -> new Entry(reporter.getKey(), entry.getKey(), entry.getValue())))
                .toList();
    }
}
