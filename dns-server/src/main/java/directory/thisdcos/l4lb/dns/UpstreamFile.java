package directory.thisdcos.l4lb.dns;

import directory.thisdcos.l4lb.dns.forward.Upstream;
import directory.thisdcos.l4lb.dns.resolvconf.SystemResolvers;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Follows the resolvers that a file like resolv.conf names. A file that is away or empty leaves the last ones in use. */
final class UpstreamFile implements AutoCloseable {
    private static final String REPORTER = "dns-upstream-file";
    /** The file changes when the machine joins another network. */
    private static final long POLL_MILLIS = 2_000;

    private final Path file;
    private final SystemResolvers resolvers;
    private final ProblemBoard problems;
    private final Consumer<List<Upstream>> publish;
    private final ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "dns-upstream-file");
        thread.setDaemon(true);
        return thread;
    });
    private List<Upstream> current = List.of();

    UpstreamFile(
            Path file, Supplier<List<Endpoint>> listening, ProblemBoard problems, Consumer<List<Upstream>> publish) {
        this.file = file;
        this.resolvers = new SystemResolvers(
                file, ip -> LoopCheck.isOurs(listening.get(), Upstream.of(ip).address()));
        this.problems = problems;
        this.publish = publish;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // read() does not throw
    void start() {
        read();
        poller.scheduleWithFixedDelay(this::read, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void read() {
        try {
            List<Upstream> found = resolvers.read().stream().map(Upstream::of).toList();
            if (found.isEmpty()) {
                report("names no resolver but this DNS server itself; name one with --upstream ADDRESS");
                return;
            }
            problems.report(REPORTER, List.of());
            if (!found.equals(current)) {
                current = found;
                publish.accept(found);
            }
        } catch (NoSuchFileException e) {
            report("does not exist; name a resolver with --upstream ADDRESS");
        } catch (IOException | RuntimeException e) {
            report("cannot be read: " + e.getMessage());
        }
    }

    private void report(String message) {
        String fate = current.isEmpty() ? "" : "; the resolvers from before stay in use";
        problems.report(REPORTER, List.of(new Problem("upstream-file", file.toString(), message + fate)));
    }

    @Override
    public void close() {
        poller.shutdownNow();
    }
}
