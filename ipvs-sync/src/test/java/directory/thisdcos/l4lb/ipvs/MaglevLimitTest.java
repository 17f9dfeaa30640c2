package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.Problem;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many services with mh as there is memory for, and who waits for it. */
class MaglevLimitTest {
    private static final int MOST = 32;

    @TempDir
    private Path directory;

    private final FakeKernel kernel = new FakeKernel();

    private Engine engine() throws IOException {
        return new Engine(
                kernel,
                new FakeDataPath(),
                OwnershipJournal.open(directory),
                new DrainFile(directory, InstantSource.system()),
                new IpvsMetrics(new PrometheusRegistry()),
                IpvsSettings.of(IpvsMode.ON, directory)
                        .withDrainLimit(Duration.ZERO)
                        .withKernel(KernelSettings.DEFAULT.withCost(new KernelCost(Estimation.KEEP, 1))),
                false);
    }

    private static State services(int from, int to) {
        States states = new States();
        for (int i = from; i < to; i++) {
            states.name("s" + i, "11.0.1." + i)
                    .service(States.name("s" + i), Protocol.TCP, 80, Balancing.of(Scheduler.MH), "10.1.0.2:80");
        }
        return states.build();
    }

    private long with(String scheduler) {
        return kernel.table.values().stream()
                .filter(entry -> entry.service().scheduler().equals(scheduler))
                .count();
    }

    private static List<String> problems(Engine engine) {
        return engine.problems().stream().map(Problem::message).toList();
    }

    @Test
    void whoComesTooLateUsesAnotherUntilThereIsRoom() throws IOException {
        Engine engine = engine();
        engine.apply(services(0, MOST + 2));
        assertEquals(MOST, with("mh"));
        assertEquals(2, with("wlc"));
        assertTrue(problems(engine).get(0).startsWith("2 services that ask for it use wlc, because 32 have"));
        assertEquals(List.of(), engine.pending());
        assertEquals(Map.of(), engine.audit(services(0, MOST + 2)).repairs());

        kernel.executed.clear();
        engine = engine();
        engine.apply(services(0, MOST + 2));
        assertEquals(List.of(), kernel.executed, "a restart changes nobody");

        // s0 is among the first in the order of addresses, who have it.
        State rest = services(1, MOST + 2);
        engine.apply(rest);
        assertEquals(Map.of(), engine.audit(rest).repairs(), "who had to wait is no repair");
        assertEquals(MOST, with("mh"));
        assertEquals(1, with("wlc"));
        engine.apply(services(2, MOST));
        engine.audit(services(2, MOST));
        assertEquals(0, with("wlc"));
        assertEquals(List.of(), problems(engine));
    }
}
