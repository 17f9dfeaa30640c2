package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Leading allocators, one after another, that know of each other only what stands in the journal. */
final class AllocatorLives implements AfterEachCallback {
    private final AllocatorSettings settings;
    private final MemoryJournal journal = new MemoryJournal();
    private final ProblemBoard board = new ProblemBoard(new PrometheusRegistry(), InstantSource.system());
    private final List<Allocator> started = new ArrayList<>();

    AllocatorLives(AllocatorSettings settings) {
        this.settings = settings;
    }

    MemoryJournal journal() {
        return journal;
    }

    ProblemBoard board() {
        return board;
    }

    Allocator start() {
        TestLeader leader = new TestLeader();
        leader.set(true);
        Allocator next =
                new Allocator(settings, journal, leader, board, new PrometheusRegistry(), InstantSource.system());
        started.add(next);
        next.start();
        return next;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        started.forEach(Allocator::close);
    }
}
