package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.allocator.Allocator;
import directory.thisdcos.l4lb.allocator.AllocatorSettings;
import directory.thisdcos.l4lb.allocator.MemoryJournal;
import directory.thisdcos.l4lb.allocator.TestLeader;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** An allocator behind its API, as one process has them. */
final class RunningAllocator implements AutoCloseable {
    static final AdminAccess LOOPBACK = AdminAccess.local(Endpoint.parse("127.0.0.1:0"));

    private final TestLeader leader = new TestLeader();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
    private final MemoryJournal journal;
    private final Allocator allocator;
    private final AdminServer server;

    /** @param journal outlives the process */
    RunningAllocator(AdminAccess access, AllocatorSettings settings, MemoryJournal journal) throws IOException {
        this.journal = journal;
        this.allocator = new Allocator(settings, journal, leader, problems, registry, InstantSource.system());
        this.server = AdminServer.open(
                access,
                new AdminView(
                        journal::state,
                        problems,
                        List::of,
                        () -> new AdminView.DataPlane("off", "a test", () -> ""),
                        () -> Optional.of(allocator),
                        () -> Optional.of(List.of()),
                        "1"),
                registry);
        allocator.start();
        server.start();
    }

    TestLeader leader() {
        return leader;
    }

    MemoryJournal journal() {
        return journal;
    }

    ProblemBoard problems() {
        return problems;
    }

    Allocator allocator() {
        return allocator;
    }

    URI uri() {
        return URI.create(server.scheme() + "://" + server.listening());
    }

    @Override
    public void close() {
        server.close();
        allocator.close();
    }
}
