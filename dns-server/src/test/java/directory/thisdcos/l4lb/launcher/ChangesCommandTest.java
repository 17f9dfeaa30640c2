package directory.thisdcos.l4lb.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.admin.AdminServer;
import directory.thisdcos.l4lb.admin.AdminView;
import directory.thisdcos.l4lb.admin.FrameworkZooKeepers;
import directory.thisdcos.l4lb.history.TableHistory;
import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.TableStep;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class ChangesCommandTest {
    private static final int BURST = 250;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path dir;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
    private State state = State.EMPTY.apply(new Batch(1, 1, 0, List.of()));

    private AdminView view(TableHistory history) {
        return new AdminView(
                () -> state,
                problems,
                List::of,
                () -> new AdminView.DataPlane("off", "a test", () -> ""),
                Optional::empty,
                Optional::empty,
                "1",
                Optional.empty(),
                FrameworkZooKeepers.NONE,
                Optional.of(history));
    }

    /** Declares a service on each port, in one batch. */
    private void declare(TableHistory history, int from, int to) {
        List<Change> changes = IntStream.range(from, to)
                .mapToObj(port -> new ServiceKey(new FixedAddress(Ip.of("3.3.0.6")), Protocol.TCP, port))
                .<Change>map(key -> new Change.ServicePut(key, new ServiceSpec(Scheduler.WLC, List.of(), 1)))
                .toList();
        Batch batch = new Batch(1, state.seq() + 1, 0, changes);
        state = state.apply(batch);
        history.observe(new TableStep(state, Optional.of(batch), 1_000));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static List<Integer> ports(StringWriter out) {
        return Pattern.compile("service ([0-9]+)/tcp")
                .matcher(out.toString())
                .results()
                .map(port -> Integer.valueOf(port.group(1)))
                .toList();
    }

    @Test
    void whoWatchesMissesNothingOfABurst() throws Exception {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        try (TableHistory history = TableHistory.open(dir, problems);
                AdminServer server = new AdminServer(Endpoint.parse("127.0.0.1:0"), view(history), registry)) {
            server.start();
            history.observe(new TableStep(state, Optional.empty(), 1_000));
            declare(history, 1, 2);
            await(() -> history.lastId() > 0);
            CommandLine commandLine = Main.commandLine();
            commandLine.setOut(new PrintWriter(out));
            commandLine.setErr(new PrintWriter(errors));
            String admin = "http://" + server.listening();
            Thread watch = new Thread(
                    () -> commandLine.execute("changes", "--watch", "--limit", "2", "--admin", admin), "watch");
            watch.start();
            await(() -> !ports(out).isEmpty() || !watch.isAlive());
            declare(history, 2, 2 + BURST);
            await(() -> history.lastId() > BURST);
            await(() -> ports(out).contains(1 + BURST) || !watch.isAlive());
            assertTrue(watch.isAlive(), errors::toString);
            watch.interrupt();
            watch.join();
        }
        assertEquals(IntStream.range(1, 2 + BURST).boxed().toList(), ports(out));
    }
}
